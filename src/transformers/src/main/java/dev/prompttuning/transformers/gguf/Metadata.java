package dev.prompttuning.transformers.gguf;

import dev.prompttuning.transformers.InvalidModelException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The named values of a file's header.
 *
 * @param file for messages
 * @param values numbers as Long or Double, arrays as List
 */
record Metadata(Path file, Map<String, Object> values) {

    boolean has(String key) {
        return values.containsKey(key);
    }

    Optional<String> text(String key) {
        return value(key, String.class, "a text");
    }

    boolean flag(String key, boolean otherwise) {
        return value(key, Boolean.class, "true or false").orElse(otherwise);
    }

    OptionalLong integer(String key) {
        if (values.get(key) instanceof List<?> each && sameEverywhere(key, each) instanceof Long number) {
            return OptionalLong.of(number);
        }
        return value(key, Long.class, "a whole number").map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    long requiredInteger(String key) {
        return integer(key).orElseThrow(() -> missing(key));
    }

    Optional<Double> number(String key) {
        return value(key, Double.class, "a number");
    }

    List<String> texts(String key) {
        return list(key, String.class, "texts");
    }

    List<Long> integers(String key) {
        return list(key, Long.class, "whole numbers");
    }

    List<Double> numbers(String key) {
        return list(key, Double.class, "numbers");
    }

    InvalidModelException missing(String key) {
        return invalid("lacks " + key + "; use a file that llama.cpp's converter made");
    }

    /** @param supported what the value could be */
    InvalidModelException unsupported(String key, Object value, String supported) {
        return invalid("has %s \"%s\", which is not supported; supported: %s".formatted(key, value, supported));
    }

    InvalidModelException invalid(String problem) {
        return new InvalidModelException("The GGUF file " + file + " " + problem + ".");
    }

    /** Some values may be given once for each layer; here all layers are alike. */
    private Object sameEverywhere(String key, List<?> each) {
        if (each.isEmpty() || each.stream().distinct().count() != 1) {
            throw unsupported(key, each, "one number for all layers");
        }
        return each.get(0);
    }

    private <T> Optional<T> value(String key, Class<T> type, String kind) {
        Object value = values.get(key);
        if (value != null && !type.isInstance(value)) {
            throw invalid("has a " + key + " that is not " + kind);
        }
        return Optional.ofNullable(type.cast(value));
    }

    private <T> List<T> list(String key, Class<T> type, String kind) {
        Object value = values.getOrDefault(key, List.of());
        if (value instanceof List<?> list && list.stream().allMatch(type::isInstance)) {
            return list.stream().<T>map(type::cast).toList();
        }
        throw invalid("has a " + key + " that is not an array of " + kind);
    }
}
