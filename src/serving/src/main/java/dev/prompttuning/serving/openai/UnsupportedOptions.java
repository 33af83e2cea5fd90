package dev.prompttuning.serving.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Options of the protocol that this server does not have. Ignoring them would give an answer that the client did not ask for, so
 * they are refused, unless their value asks for nothing.
 */
final class UnsupportedOptions {
    private static final Predicate<JsonNode> FALSE = value -> value.isBoolean() && !value.booleanValue();
    private static final Predicate<JsonNode> EMPTY = value -> (value.isContainerNode() && value.isEmpty())
            || (value.isTextual() && value.textValue().isEmpty());
    private static final Predicate<JsonNode> NEVER = value -> false;

    /** Each option and the values by which it asks for nothing. */
    private static final Map<String, Predicate<JsonNode>> HARMLESS = harmless();

    private UnsupportedOptions() {}

    static void refuse(RequestFields fields) {
        HARMLESS.forEach((option, harmless) -> fields.node(option)
                .filter(harmless.negate())
                .ifPresent(value -> {
                    throw ApiException.invalid(
                            option,
                            "unsupported_parameter",
                            "'" + option + "' is not supported by this server; leave it out.");
                }));
    }

    private static Map<String, Predicate<JsonNode>> harmless() {
        Map<String, Predicate<JsonNode>> options = new LinkedHashMap<>();
        options.put("suffix", EMPTY);
        options.put("tools", EMPTY);
        options.put("functions", EMPTY);
        options.put("tool_choice", value -> isText(value, "none") || isText(value, "auto"));
        options.put("response_format", value -> isText(value.path("type"), "text"));
        options.put("modalities", value -> value.size() == 1 && isText(value.path(0), "text"));
        options.put("audio", NEVER);
        options.put("prompt_logprobs", NEVER);
        options.put("prompt_embeds", NEVER);
        options.put("truncate_prompt_tokens", NEVER);
        options.put("use_beam_search", FALSE);
        options.put("structured_outputs", NEVER);
        options.put("guided_choice", NEVER);
        options.put("guided_regex", NEVER);
        options.put("guided_json", NEVER);
        options.put("guided_grammar", NEVER);
        return options;
    }

    private static boolean isText(JsonNode value, String text) {
        return value.isTextual() && value.textValue().equals(text);
    }
}
