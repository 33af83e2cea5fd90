package dev.prompttuning.transformers.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The processors of a request in Hugging Face's order: bias, repetition, minimum length, temperature, top-k, top-p,
 * min-p. OpenAI's presence and frequency penalties, which Hugging Face does not have, follow the repetition penalty.
 */
final class LogitsProcessors {

    private LogitsProcessors() {}

    static List<LogitsProcessor> of(GenerationSettings settings) {
        List<LogitsProcessor> chain = new ArrayList<>();
        Penalties penalties = settings.penalties();
        if (!penalties.logitBias().isEmpty()) {
            chain.add(bias(penalties.logitBias()));
        }
        if (penalties.repetition() != 1) {
            chain.add(repetition((float) penalties.repetition()));
        }
        if (penalties.presence() != 0 || penalties.frequency() != 0) {
            chain.add(counted(penalties.presence(), penalties.frequency()));
        }
        if (settings.stopping().minNewTokens() > 0) {
            chain.add(minimum(settings.stopping()));
        }
        if (!settings.sampling().greedy()) {
            warp(settings.sampling(), chain);
        }
        return List.copyOf(chain);
    }

    private static void warp(Sampling sampling, List<LogitsProcessor> chain) {
        if (sampling.temperature() != 1) {
            chain.add((history, scores) -> divide(scores, (float) sampling.temperature()));
        }
        if (sampling.topK() > 0) {
            chain.add((history, scores) -> Truncation.topK(scores, sampling.topK()));
        }
        if (sampling.topP() < 1) {
            chain.add((history, scores) -> Truncation.topP(scores, sampling.topP()));
        }
        if (sampling.minP() > 0) {
            chain.add((history, scores) -> Truncation.minP(scores, sampling.minP()));
        }
    }

    private static LogitsProcessor bias(Map<Integer, Double> bias) {
        return (history, scores) -> bias.forEach((id, value) -> {
            if (id < 0 || id >= scores.length) {
                throw new IllegalArgumentException(
                        "logit_bias names token " + id + ", the vocabulary has the tokens 0 to " + (scores.length - 1));
            }
            scores[id] += value.floatValue();
        });
    }

    private static LogitsProcessor repetition(float penalty) {
        return (history, scores) -> {
            Set<Integer> seen = new HashSet<>();
            for (int i = 0; i < history.size(); i++) {
                int id = (int) history.id(i);
                if (seen.add(id)) {
                    scores[id] = scores[id] < 0 ? scores[id] * penalty : scores[id] / penalty;
                }
            }
        };
    }

    private static LogitsProcessor counted(double presence, double frequency) {
        return (history, scores) -> {
            Set<Integer> seen = new HashSet<>();
            for (int i = history.promptLength(); i < history.size(); i++) {
                int id = (int) history.id(i);
                scores[id] -= (float) (frequency + (seen.add(id) ? presence : 0));
            }
        };
    }

    private static LogitsProcessor minimum(Stopping stopping) {
        return (history, scores) -> {
            if (history.generatedLength() < stopping.minNewTokens()) {
                stopping.tokenIds().stream()
                        .filter(id -> id < scores.length)
                        .forEach(id -> scores[id] = Float.NEGATIVE_INFINITY);
            }
        };
    }

    private static void divide(float[] scores, float temperature) {
        // Shifted to a maximum of 0 first, so that a tiny temperature cannot overflow.
        float max = Softmax.max(scores);
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (scores[i] - max) / temperature;
        }
    }

    static float[] process(List<LogitsProcessor> chain, TokenHistory history, float[] logits) {
        float[] scores = Arrays.copyOf(logits, logits.length);
        chain.forEach(processor -> processor.process(history, scores));
        return scores;
    }
}
