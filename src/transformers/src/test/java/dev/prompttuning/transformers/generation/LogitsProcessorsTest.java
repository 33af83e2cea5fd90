package dev.prompttuning.transformers.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LogitsProcessorsTest {

    private static final float NONE = Float.NEGATIVE_INFINITY;

    private static float[] process(GenerationSettings settings, long[] prompt, long[] generated, float... logits) {
        TokenHistory history = new TokenHistory(prompt);
        for (long id : generated) {
            history.add(id);
        }
        return LogitsProcessors.process(LogitsProcessors.of(settings), history, logits);
    }

    private static GenerationSettings penalties(Penalties penalties) {
        return GenerationSettings.greedy(9).withPenalties(penalties);
    }

    private static GenerationSettings sampling(double temperature, int topK, double topP, double minP) {
        return GenerationSettings.greedy(9).withSampling(new Sampling(true, temperature, topK, topP, minP, 0));
    }

    private static float[] logs(double... probabilities) {
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(probabilities[i]);
        }
        return logits;
    }

    @Test
    void repetitionCountsPromptAndGeneratedOnce() {
        assertArrayEquals(
                new float[] {1, -4, 1, 3},
                process(penalties(Penalties.repetition(2)), new long[] {0, 0, 1}, new long[] {2}, 2, -2, 2, 3));
    }

    @Test
    void presenceAndFrequencyCountGeneratedOnly() {
        assertArrayEquals(
                new float[] {2, 0.5f, 1.25f},
                process(
                        penalties(new Penalties(1, 0.5, 0.25, Map.of())),
                        new long[] {0},
                        new long[] {1, 1, 1, 1, 2},
                        2,
                        2,
                        2));
    }

    @Test
    void biasIsAddedBeforeThePenalty() {
        assertArrayEquals(
                new float[] {3, 2},
                process(penalties(new Penalties(2, 0, 0, Map.of(0, 4.0))), new long[] {0}, new long[0], 2, 2));
        assertThrows(
                IllegalArgumentException.class,
                () -> process(penalties(new Penalties(1, 0, 0, Map.of(5, 1.0))), new long[] {0}, new long[0], 2, 2));
    }

    @Test
    void temperatureKeepsDifferences() {
        float[] scores = process(sampling(0.5, 0, 1, 0), new long[0], new long[0], 1, 3, 2);
        assertArrayEquals(new float[] {-4, 0, -2}, scores);
    }

    @Test
    void topKKeepsTies() {
        assertArrayEquals(
                new float[] {NONE, 5, 4, 4, NONE},
                process(sampling(1, 2, 1, 0), new long[0], new long[0], 1, 5, 4, 4, 3));
    }

    @Test
    void topPKeepsTheSmallestSetThatReachesIt() {
        float[] logits = logs(0.1, 0.4, 0.3, 0.2);
        assertArrayEquals(
                new float[] {NONE, logits[1], logits[2], NONE},
                process(sampling(1, 0, 0.65, 0), new long[0], new long[0], logits));
        assertArrayEquals(
                new float[] {NONE, logits[1], NONE, NONE},
                process(sampling(1, 0, 0, 0), new long[0], new long[0], logits));
    }

    @Test
    void minPIsRelativeToTheLikeliest() {
        float[] logits = logs(0.1, 0.4, 0.3, 0.2);
        assertArrayEquals(
                new float[] {NONE, logits[1], logits[2], logits[3]},
                process(sampling(1, 0, 1, 0.3), new long[0], new long[0], logits));
    }

    @Test
    void samplingFollowsTheDistribution() {
        double[] wanted = {0.1, 0.4, 0, 0.5};
        TokenSelector selector = new TokenSelector(new long[0], sampling(1, 0, 1, 0));
        int[] counts = new int[4];
        for (int i = 0; i < 20_000; i++) {
            counts[selector.next(logs(wanted)).id()]++;
        }
        for (int i = 0; i < 4; i++) {
            // Five standard deviations of a binomial count.
            double deviation = Math.sqrt(20_000 * wanted[i] * (1 - wanted[i]));
            assertEquals(20_000 * wanted[i], counts[i], 5 * deviation);
        }
    }

    @Test
    void scoresThatAreNotNumbersAreToldNotSampled() {
        TokenSelector selector = new TokenSelector(new long[0], GenerationSettings.greedy(1));
        assertThrows(IllegalStateException.class, () -> selector.next(new float[] {1, Float.NaN}));
    }

    @Test
    void aGenerationConfigIsReadAsHuggingFaceDoes() throws IOException {
        ObjectMapper json = new ObjectMapper();
        GenerationSettings qwen = GenerationSettings.fromGenerationConfig(json.readTree(
                "{\"do_sample\":true,\"eos_token_id\":[5,6],\"temperature\":0.6,\"top_p\":0.95,\"early_stopping\":"
                        + "\"never\",\"length_penalty\":0.5}"));
        assertEquals(Set.of(5, 6), qwen.stopping().tokenIds());
        assertEquals(new Sampling(true, 0.6, 50, 0.95, 0, 0), qwen.sampling());
        assertEquals(new Beams(1, 0.5, EarlyStopping.NEVER), qwen.beams());
        GenerationSettings plain = GenerationSettings.fromGenerationConfig(json.readTree("{\"eos_token_id\":2}"));
        assertEquals(Set.of(2), plain.stopping().tokenIds());
        assertEquals(true, plain.sampling().greedy());
    }
}
