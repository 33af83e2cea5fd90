package dev.prompttuning.serving.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How the client wants tokens chosen; what it left open is empty and decided by the model's generation_config.json.
 *
 * @param topK 0 for all tokens
 * @param stop texts that end an answer and are not part of it
 * @param stopTokenIds tokens that end an answer, beside the model's end tokens
 * @param ignoreEos whether the model's end tokens end nothing
 */
public record Sampling(
        OptionalDouble temperature,
        OptionalDouble topP,
        OptionalInt topK,
        OptionalDouble repetitionPenalty,
        OptionalLong seed,
        OptionalInt maxTokens,
        int minTokens,
        List<String> stop,
        List<Long> stopTokenIds,
        boolean ignoreEos) {

    private static final int MOST_STOPS = 16;

    public Sampling {
        stop = List.copyOf(stop);
        stopTokenIds = List.copyOf(stopTokenIds);
    }

    static Sampling read(RequestFields fields, OptionalInt maxTokens) {
        List<String> stop = fields.texts("stop", MOST_STOPS);
        if (stop.contains("")) {
            throw ApiException.invalid("stop", "'stop' holds an empty string, which would end every answer at once.");
        }
        int minTokens = fields.integer("min_tokens", 0, Integer.MAX_VALUE).orElse(0);
        if (maxTokens.isPresent() && minTokens > maxTokens.getAsInt()) {
            throw ApiException.invalid(
                    "min_tokens",
                    "'min_tokens' is " + minTokens + ", which is more than the " + maxTokens.getAsInt()
                            + " tokens asked for at most.");
        }
        return new Sampling(
                fields.number("temperature", 0, 2),
                fields.number("top_p", 0, 1),
                topK(fields),
                fields.number("repetition_penalty", 0.01, 100),
                fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                maxTokens,
                minTokens,
                stop,
                tokenIds(fields),
                fields.flag("ignore_eos", false));
    }

    /** -1 is vLLM's way to say all tokens. */
    private static OptionalInt topK(RequestFields fields) {
        OptionalInt topK = fields.integer("top_k", -1, Integer.MAX_VALUE);
        return topK.isPresent() ? OptionalInt.of(Math.max(0, topK.getAsInt())) : topK;
    }

    private static List<Long> tokenIds(RequestFields fields) {
        List<Long> ids = new ArrayList<>();
        fields.node("stop_token_ids").ifPresent(value -> {
            for (JsonNode id : value) {
                if (id.isIntegralNumber() && id.canConvertToInt()) {
                    ids.add(id.longValue());
                }
            }
            if (!value.isArray() || ids.size() != value.size()) {
                throw fields.wrong("stop_token_ids", "an array of token ids", value);
            }
        });
        return ids;
    }
}
