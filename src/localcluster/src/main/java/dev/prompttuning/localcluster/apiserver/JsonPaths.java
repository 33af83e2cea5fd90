package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of JSONPath that printer columns use: {@code .a.b[0].c[*].d[?(@.type=="Ready")].status}. */
final class JsonPaths {
    private static final Pattern STEP = Pattern.compile("\\.([\\w-]+|\\*)"
            + "|\\['([^']+)'\\]"
            + "|\\[(\\d+|\\*)\\]"
            + "|\\[\\?\\(\\s*@\\.([\\w.-]+)\\s*(==|!=)\\s*[\"']?([^\"')]*)[\"']?\\s*\\)\\]");

    private JsonPaths() {}

    static List<JsonNode> find(JsonNode root, String path) {
        List<JsonNode> found = List.of(root);
        Matcher step = STEP.matcher(path.replace("\\.", "\u0000"));
        while (step.find()) {
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode node : found) {
                follow(node, step, next);
            }
            found = next;
        }
        return found;
    }

    private static void follow(JsonNode node, Matcher step, List<JsonNode> next) {
        String name = step.group(1) == null ? step.group(2) : step.group(1);
        if ("*".equals(name) || "*".equals(step.group(3))) {
            node.forEach(next::add);
        } else if (name != null) {
            add(node.path(name), next);
        } else if (step.group(3) != null) {
            add(node.path(Integer.parseInt(step.group(3))), next);
        } else {
            for (JsonNode element : node) {
                String value = Json.text(element, step.group(4).split("\\."));
                if (value.equals(step.group(6)) == step.group(5).equals("==")) {
                    next.add(element);
                }
            }
        }
    }

    private static void add(JsonNode node, List<JsonNode> next) {
        if (!node.isMissingNode() && !node.isNull()) {
            next.add(node);
        }
    }
}
