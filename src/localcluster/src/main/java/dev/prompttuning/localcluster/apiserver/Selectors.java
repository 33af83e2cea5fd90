package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Label selectors ({@code a=b,c!=d,e in (f,g),h notin (i),j,!k}) and field selectors ({@code a.b=c,d!=e}). */
final class Selectors {
    private static final Pattern COMMA = Pattern.compile(",(?![^(]*\\))");
    private static final Pattern TERM = Pattern.compile(
            "(?<not>!?)(?<key>[^\\s=!]+)\\s*(?<operator>==?|!=|in|notin|)\\s*\\(?(?<values>[^()]*)\\)?");

    private Selectors() {}

    /** @throws StatusException 400 when the selector cannot be read */
    static Predicate<JsonNode> labels(String selector) {
        return all(selector, key -> object -> Json.at(object, "metadata", "labels", key));
    }

    /** @throws StatusException 400 when the selector cannot be read */
    static Predicate<JsonNode> fields(String selector) {
        return all(selector, key -> object -> Json.at(object, key.split("\\.")));
    }

    private static Predicate<JsonNode> all(String selector, Function<String, Function<JsonNode, JsonNode>> lookup) {
        return COMMA.splitAsStream(selector)
                .map(String::trim)
                .filter(text -> !text.isEmpty())
                .map(text -> term(text, lookup))
                .reduce(object -> true, Predicate::and);
    }

    private static Predicate<JsonNode> term(String text, Function<String, Function<JsonNode, JsonNode>> lookup) {
        Matcher term = TERM.matcher(text);
        if (!term.matches()) {
            throw StatusException.badRequest("unable to parse requirement: " + text);
        }
        String operator = term.group("operator");
        List<String> values =
                Stream.of(term.group("values").split(",")).map(String::trim).toList();
        boolean wanted = term.group("not").isEmpty() && !List.of("!=", "notin").contains(operator);
        Function<JsonNode, JsonNode> value = lookup.apply(term.group("key"));
        return object -> {
            JsonNode found = value.apply(object);
            boolean matches = operator.isEmpty() || values.contains(found.asText());
            return wanted == (!found.isMissingNode() && matches);
        };
    }
}
