package dev.prompttuning.transformers.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.prompttuning.transformers.InvalidModelException;

/**
 * Reads a model's {@code config.json} and says what is wrong with it.
 *
 * @param json the parsed file
 * @param where how the file is named in messages
 */
public record ConfigReader(JsonNode json, String where) {

    public JsonNode node(String name) {
        JsonNode node = json.path(name);
        return node.isNull() ? MissingNode.getInstance() : node;
    }

    public boolean has(String name) {
        return !node(name).isMissingNode();
    }

    public int integer(String name) {
        JsonNode node = node(name);
        if (node.isMissingNode()) {
            throw missing(name);
        }
        if (!node.isIntegralNumber()) {
            throw new InvalidModelException("%s: %s must be a whole number, but is %s".formatted(where, name, node));
        }
        return node.intValue();
    }

    public int integer(String name, int otherwise) {
        return has(name) ? integer(name) : otherwise;
    }

    public double number(String name, double otherwise) {
        JsonNode node = node(name);
        if (!node.isMissingNode() && !node.isNumber()) {
            throw new InvalidModelException("%s: %s must be a number, but is %s".formatted(where, name, node));
        }
        return node.asDouble(otherwise);
    }

    public boolean flag(String name, boolean otherwise) {
        return node(name).asBoolean(otherwise);
    }

    public String text(String name, String otherwise) {
        return node(name).asText(otherwise);
    }

    public InvalidModelException missing(String name) {
        return new InvalidModelException("%s: %s is missing".formatted(where, name));
    }

    public InvalidModelException unsupported(String name, String value, String supported) {
        return new InvalidModelException(
                "%s: %s is \"%s\", which is not supported; supported: %s".formatted(where, name, value, supported));
    }
}
