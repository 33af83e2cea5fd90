package dev.prompttuning.serving.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The body of {@code POST /v1/completions}.
 *
 * @param n answers to each prompt
 * @param echo whether an answer begins with its prompt
 */
public record CompletionRequest(
        String model, List<Prompt> prompts, SamplingOptions sampling, int n, boolean echo, Delivery delivery) {

    /** What OpenAI gives when nothing is asked for. */
    public static final int DEFAULT_MAX_TOKENS = 16;

    static final int MOST_CHOICES = 128;

    public CompletionRequest {
        prompts = List.copyOf(prompts);
    }

    /** @throws ApiException status 400 when the body cannot be used */
    public static CompletionRequest parse(String body) {
        RequestFields fields = RequestFields.parse(body);
        String model = fields.text("model").orElseThrow(() -> fields.missing("model", "GET /v1/models lists them"));
        List<Prompt> prompts = prompts(fields);
        UnsupportedOptions.refuse(fields);
        refuseLogprobs(fields);
        int n = fields.integer("n", 1, MOST_CHOICES).orElse(1);
        if (fields.integer("best_of", 1, MOST_CHOICES).orElse(n) != n) {
            throw ApiException.invalid(
                    "best_of", "unsupported_parameter", "'best_of' other than 'n' is not supported; leave it out.");
        }
        OptionalInt maxTokens = fields.integer("max_tokens", 0, Integer.MAX_VALUE);
        return new CompletionRequest(
                model,
                prompts,
                SamplingOptions.read(fields, maxTokens),
                n,
                fields.flag("echo", false),
                Delivery.read(fields));
    }

    private static void refuseLogprobs(RequestFields fields) {
        if (fields.node("logprobs")
                .filter(value -> !value.isBoolean() || value.booleanValue())
                .isPresent()) {
            throw ApiException.invalid(
                    "logprobs", "unsupported_parameter", "'logprobs' is not supported by this server; leave it out.");
        }
    }

    private static List<Prompt> prompts(RequestFields fields) {
        JsonNode value =
                fields.node("prompt").orElseThrow(() -> fields.missing("prompt", "it is the text to continue"));
        if (value.isTextual()) {
            return List.of(new Prompt.Text(value.textValue()));
        }
        if (!value.isArray() || value.isEmpty()) {
            throw notAPrompt(fields, value);
        }
        if (value.get(0).isIntegralNumber()) {
            return List.of(tokenIds(fields, value));
        }
        if (value.size() > MOST_CHOICES) {
            throw ApiException.invalid(
                    "prompt",
                    "'prompt' holds " + value.size() + " prompts; send at most " + MOST_CHOICES + " in one request.");
        }
        List<Prompt> prompts = new ArrayList<>();
        for (JsonNode entry : value) {
            prompts.add(entry.isTextual() ? new Prompt.Text(entry.textValue()) : tokenIds(fields, entry));
        }
        return prompts;
    }

    private static Prompt tokenIds(RequestFields fields, JsonNode value) {
        long[] ids = new long[value.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode id = value.get(i);
            if (id == null || !id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
                throw notAPrompt(fields, value);
            }
            ids[i] = id.longValue();
        }
        if (ids.length == 0) {
            throw notAPrompt(fields, value);
        }
        return new Prompt.TokenIds(ids);
    }

    private static ApiException notAPrompt(RequestFields fields, JsonNode value) {
        return fields.wrong("prompt", "a string, an array of strings, or an array of token ids", value);
    }
}
