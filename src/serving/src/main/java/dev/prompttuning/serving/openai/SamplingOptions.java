package dev.prompttuning.serving.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How the client wants tokens chosen. What is empty was left open.
 *
 * @param topK 0 for all tokens
 * @param maxTokens tokens of an answer at most
 * @param minTokens tokens before which no end token is chosen
 * @param stop texts that end an answer and are not part of it
 * @param stopTokenIds tokens that end an answer, beside the model's end tokens
 * @param ignoreEos whether the model's end tokens end nothing
 */
public record SamplingOptions(
        OptionalDouble temperature,
        OptionalDouble topP,
        OptionalInt topK,
        double minP,
        OptionalDouble repetitionPenalty,
        double presencePenalty,
        double frequencyPenalty,
        Map<Integer, Double> logitBias,
        OptionalLong seed,
        OptionalInt maxTokens,
        int minTokens,
        List<String> stop,
        List<Integer> stopTokenIds,
        boolean ignoreEos) {

    private static final int MOST_STOPS = 16;

    public SamplingOptions {
        logitBias = Map.copyOf(logitBias);
        stop = List.copyOf(stop);
        stopTokenIds = List.copyOf(stopTokenIds);
    }

    static SamplingOptions read(RequestFields fields, OptionalInt maxTokens) {
        return new SamplingOptions(
                fields.number("temperature", 0, 2),
                fields.number("top_p", 0, 1),
                topK(fields),
                fields.number("min_p", 0, 1).orElse(0),
                fields.number("repetition_penalty", 0.01, 100),
                fields.number("presence_penalty", -2, 2).orElse(0),
                fields.number("frequency_penalty", -2, 2).orElse(0),
                logitBias(fields),
                fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                maxTokens,
                minTokens(fields, maxTokens),
                stop(fields),
                tokenIds(fields),
                fields.flag("ignore_eos", false));
    }

    private static List<String> stop(RequestFields fields) {
        List<String> stop = fields.texts("stop", MOST_STOPS);
        if (stop.contains("")) {
            throw ApiException.invalid("stop", "'stop' holds an empty string, which would end every answer at once.");
        }
        return stop;
    }

    private static int minTokens(RequestFields fields, OptionalInt maxTokens) {
        int minTokens = fields.integer("min_tokens", 0, Integer.MAX_VALUE).orElse(0);
        if (maxTokens.isPresent() && minTokens > maxTokens.getAsInt()) {
            throw ApiException.invalid(
                    "min_tokens",
                    "'min_tokens' is " + minTokens + ", which is more than the " + maxTokens.getAsInt()
                            + " tokens asked for at most.");
        }
        return minTokens;
    }

    /** -1 is vLLM's way to say all tokens. */
    private static OptionalInt topK(RequestFields fields) {
        OptionalInt topK = fields.integer("top_k", -1, Integer.MAX_VALUE);
        return topK.isPresent() ? OptionalInt.of(Math.max(0, topK.getAsInt())) : topK;
    }

    private static Map<Integer, Double> logitBias(RequestFields fields) {
        Map<Integer, Double> biases = new LinkedHashMap<>();
        fields.object("logit_bias").ifPresent(bias -> bias.names().forEach(name -> {
            if (!name.matches("[0-9]{1,9}")) {
                throw ApiException.invalid(
                        "logit_bias", "'logit_bias' names tokens by their ids, not by \"" + name + "\".");
            }
            biases.put(Integer.parseInt(name), bias.number(name, -100, 100).orElse(0));
        }));
        return biases;
    }

    private static List<Integer> tokenIds(RequestFields fields) {
        List<Integer> ids = new ArrayList<>();
        fields.node("stop_token_ids").ifPresent(value -> {
            for (JsonNode id : value) {
                if (id.isIntegralNumber() && id.canConvertToInt() && id.intValue() >= 0) {
                    ids.add(id.intValue());
                }
            }
            if (!value.isArray() || ids.size() != value.size()) {
                throw fields.wrong("stop_token_ids", "an array of token ids", value);
            }
        });
        return ids;
    }
}
