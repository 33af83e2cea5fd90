package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Label selectors ({@code a=b,c!=d,e in (f,g),h notin (i),j,!k}) and field selectors ({@code a.b=c,d!=e}). */
final class Selectors {
    private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s+\\(([^)]*)\\)");
    private static final Pattern EQUALITY = Pattern.compile("([^=!\\s]+)\\s*(==|=|!=)\\s*(\\S*)");
    private static final Pattern EXISTS = Pattern.compile("(!?)\\s*([^=!\\s()]+)");
    private static final Pattern COMMA = Pattern.compile(",(?![^(]*\\))");

    private Selectors() {}

    /** @throws StatusException 400 when the selector cannot be read */
    static Predicate<JsonNode> labels(String selector) {
        List<Predicate<JsonNode>> terms = new ArrayList<>();
        for (String term : split(selector)) {
            terms.add(label(term));
        }
        return object -> {
            JsonNode labels = Json.at(object, "metadata", "labels");
            return terms.stream().allMatch(term -> term.test(labels));
        };
    }

    private static Predicate<JsonNode> label(String term) {
        Matcher set = SET.matcher(term);
        if (set.matches()) {
            String key = set.group(1);
            Set<String> values = Set.of(set.group(3).trim().split("\\s*,\\s*"));
            boolean in = set.group(2).equals("in");
            return labels ->
                    labels.has(key) && values.contains(labels.path(key).asText()) == in || !labels.has(key) && !in;
        }
        Matcher equality = EQUALITY.matcher(term);
        if (equality.matches()) {
            String key = equality.group(1);
            String value = equality.group(3);
            boolean equal = !equality.group(2).equals("!=");
            return labels -> (labels.has(key) && labels.path(key).asText().equals(value)) == equal;
        }
        Matcher exists = EXISTS.matcher(term);
        if (exists.matches()) {
            return labels -> labels.has(exists.group(2)) == exists.group(1).isEmpty();
        }
        throw StatusException.badRequest("unable to parse requirement: " + term);
    }

    static Predicate<JsonNode> fields(String selector) {
        List<Predicate<JsonNode>> terms = new ArrayList<>();
        for (String term : split(selector)) {
            Matcher equality = EQUALITY.matcher(term);
            if (!equality.matches()) {
                throw StatusException.badRequest("invalid selector: '" + term + "'; can't understand '" + term + "'");
            }
            String[] path = equality.group(1).split("\\.");
            boolean equal = !equality.group(2).equals("!=");
            terms.add(object -> Json.text(object, path).equals(equality.group(3)) == equal);
        }
        return object -> terms.stream().allMatch(term -> term.test(object));
    }

    private static List<String> split(String selector) {
        return COMMA.splitAsStream(selector)
                .map(String::trim)
                .filter(term -> !term.isEmpty())
                .toList();
    }
}
