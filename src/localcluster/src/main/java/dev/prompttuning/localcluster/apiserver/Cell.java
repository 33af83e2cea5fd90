package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One cell of a table: what a column's path finds in an object. */
final class Cell {
    /** {@code .a.b[0].c[*].d[?(@.type=="Ready")].status}, as much of JSONPath as printer columns use. */
    private static final Pattern STEP = Pattern.compile("\\.(?<name>[\\w-]+|\\*)"
            + "|\\[(?<index>\\d+|\\*)\\]"
            + "|\\[\\?\\(@\\.(?<field>[\\w.-]+)==[\"'](?<value>[^\"']*)[\"']\\)\\]");

    private Cell() {}

    /** @param column of {@code additionalPrinterColumns} */
    static JsonNode of(JsonNode object, JsonNode column, Instant now) {
        List<JsonNode> found = find(object, Json.text(column, "jsonPath"));
        String type = Json.text(column, "type");
        if (found.isEmpty()) {
            return NullNode.getInstance();
        }
        if (type.equals("date")) {
            return TextNode.valueOf(
                    age(Duration.between(Instant.parse(found.get(0).asText()), now)));
        }
        if (found.size() == 1 && found.get(0).isNumber() && !type.equals("string")) {
            return found.get(0);
        }
        return TextNode.valueOf(found.stream()
                .map(node -> node.isContainerNode() ? node.toString() : node.asText())
                .collect(Collectors.joining(",")));
    }

    private static List<JsonNode> find(JsonNode object, String path) {
        List<JsonNode> found = List.of(object);
        Matcher step = STEP.matcher(path);
        while (step.find()) {
            found = found.stream()
                    .flatMap(node -> follow(node, step))
                    .filter(node -> !node.isMissingNode() && !node.isNull())
                    .toList();
        }
        return found;
    }

    private static Stream<JsonNode> follow(JsonNode node, Matcher step) {
        String name = step.group("name");
        String index = step.group("index");
        if ("*".equals(name) || "*".equals(index)) {
            return node.valueStream();
        }
        if (step.group("field") != null) {
            String[] field = step.group("field").split("\\.");
            return node.valueStream().filter(each -> Json.text(each, field).equals(step.group("value")));
        }
        return Stream.of(name != null ? node.path(name) : node.path(Integer.parseInt(index)));
    }

    /** About as kubectl writes it: in the largest unit of which there are two. */
    private static String age(Duration age) {
        return age.toSeconds() < 120
                ? Math.max(0, age.toSeconds()) + "s"
                : age.toMinutes() < 120
                        ? age.toMinutes() + "m"
                        : age.toHours() < 48 ? age.toHours() + "h" : age.toDays() + "d";
    }
}
