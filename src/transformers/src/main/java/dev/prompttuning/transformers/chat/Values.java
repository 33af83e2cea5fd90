package dev.prompttuning.transformers.chat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Python's values in Java: None is null, int is Long, float is Double, str is String, list is a List, dict is a Map in
 * order of insertion.
 */
final class Values {

    private Values() {}

    /** A copy of a caller's value, as the interpreter wants it. */
    static Object of(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(of(key), of(item)));
            return copy;
        }
        if (value instanceof Iterable<?> items) {
            List<Object> copy = new ArrayList<>();
            items.forEach(item -> copy.add(of(item)));
            return copy;
        }
        if (value instanceof BigInteger
                || value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            return whole((Number) value);
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value == null || value instanceof Boolean) {
            return value;
        }
        if (value instanceof CharSequence || value instanceof Enum<?>) {
            return value.toString();
        }
        throw new IllegalArgumentException("a chat template cannot take a value of type "
                + value.getClass().getName());
    }

    private static Long whole(Number number) {
        if (number instanceof BigInteger big && big.bitLength() > 63) {
            throw new IllegalArgumentException("a chat template cannot take the number " + big + ", it is too large");
        }
        return number.longValue();
    }

    static boolean isTrue(Object value) {
        if (value instanceof Boolean bool) {
            return bool;
        }
        if (value instanceof Long number) {
            return number != 0;
        }
        if (value instanceof Double number) {
            return number != 0;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof Sequence sequence && !sequence.sized()) {
            return true;
        }
        if (value instanceof List<?> list) {
            return !list.isEmpty();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        return value != null && !(value instanceof Undefined);
    }

    static String typeName(Object value) {
        if (value instanceof Undefined) {
            return "undefined";
        }
        if (value instanceof Sequence sequence) {
            return sequence.kind().name().toLowerCase(Locale.ROOT);
        }
        if (value == null) {
            return "None";
        }
        Map<Class<?>, String> names =
                Map.of(Boolean.class, "bool", Long.class, "int", Double.class, "float", String.class, "str");
        String other = value instanceof List ? "list" : value instanceof Map ? "dict" : "object";
        return names.getOrDefault(value.getClass(), other);
    }

    static TemplateException wrongType(String wanted, Object value) {
        return value instanceof Undefined undefined
                ? undefined.error()
                : TemplateException.of("expected " + wanted + ", found " + typeName(value));
    }

    static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw wrongType("str", value);
    }

    static long integer(Object value) {
        if (value instanceof Long number) {
            return number;
        }
        if (value instanceof Boolean bool) {
            return bool ? 1 : 0;
        }
        throw wrongType("int", value);
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    static double real(Object value) {
        return value instanceof Double number ? number : integer(value);
    }

    /** What a loop over the value sees. */
    static List<?> items(Object value) {
        if (value instanceof Sequence sequence) {
            return sequence.read();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        if (value instanceof Map<?, ?> map) {
            return new ArrayList<>(map.keySet());
        }
        if (value instanceof String text) {
            return text.codePoints().mapToObj(Character::toString).toList();
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        throw wrongType("something to go through", value);
    }

    static long length(Object value) {
        if (value instanceof String text) {
            return Text.length(text);
        }
        if (value instanceof Sequence sequence && !sequence.sized()) {
            throw wrongType("something with a length", value);
        }
        if (value instanceof List<?> list) {
            return list.size();
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        if (value instanceof Undefined) {
            return 0;
        }
        throw wrongType("something with a length", value);
    }

    static boolean equal(Object a, Object b, Budget budget) {
        budget.enter();
        try {
            if (isNumber(a) && isNumber(b)) {
                return a instanceof Double || b instanceof Double ? real(a) == real(b) : integer(a) == integer(b);
            }
            if (a instanceof Undefined && b instanceof Undefined) {
                return true;
            }
            if (a instanceof List<?> left && b instanceof List<?> right) {
                return equalLists(left, right, budget);
            }
            if (a instanceof Map<?, ?> left && b instanceof Map<?, ?> right) {
                return left.size() == right.size()
                        && left.entrySet().stream()
                                .allMatch(entry -> right.containsKey(entry.getKey())
                                        && equal(entry.getValue(), right.get(entry.getKey()), budget));
            }
            return Objects.equals(a, b);
        } finally {
            budget.leave();
        }
    }

    private static boolean equalLists(List<?> left, List<?> right, Budget budget) {
        Object leftKind = left instanceof Sequence sequence ? sequence.kind() : null;
        Object rightKind = right instanceof Sequence sequence ? sequence.kind() : null;
        if (leftKind == Sequence.Kind.GENERATOR || leftKind == Sequence.Kind.VIEW) {
            throw wrongType("values that can be compared", left);
        }
        if (leftKind != rightKind || left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!equal(left.get(i), right.get(i), budget)) {
                return false;
            }
        }
        return true;
    }

    static int compare(Object a, Object b, Budget budget) {
        budget.step();
        if (isNumber(a) && isNumber(b)) {
            return a instanceof Double || b instanceof Double
                    ? Double.compare(real(a), real(b))
                    : Long.compare(integer(a), integer(b));
        }
        if (a instanceof String left && b instanceof String right) {
            return compareCodePoints(left, right);
        }
        if (a instanceof Undefined || b instanceof Undefined) {
            throw (a instanceof Undefined undefined ? undefined : (Undefined) b).error();
        }
        throw TemplateException.of("cannot order " + typeName(a) + " and " + typeName(b));
    }

    private static int compareCodePoints(String left, String right) {
        return Arrays.compare(left.codePoints().toArray(), right.codePoints().toArray());
    }

    static boolean contains(Object container, Object item, Budget budget) {
        if (container instanceof String text) {
            return text.contains(text(item));
        }
        if (container instanceof Map<?, ?> map) {
            return map.containsKey(item);
        }
        for (Object candidate : items(container)) {
            if (equal(candidate, item, budget)) {
                return true;
            }
        }
        return false;
    }
}
