package dev.prompttuning.transformers.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GeneratorTest {

    /** Tokens are letters of {@code abcd}; d ends. */
    private static final double[][] TABLE = {
        {0.1, 0.6, 0.2, 0.1}, {0.3, 0.1, 0.5, 0.1}, {0.2, 0.1, 0.1, 0.6}, {0.25, 0.25, 0.25, 0.25}
    };

    /** Holds every letter back until the next one, as a decoder of incomplete characters does. */
    private static final class Letters implements TextDecoder {
        private String held = "";

        @Override
        public String add(long token) {
            String out = held;
            held = String.valueOf("abcd".charAt((int) token));
            return out;
        }

        @Override
        public String flush() {
            String out = held;
            held = "";
            return out;
        }
    }

    private static final class Heard implements GenerationListener {
        private final List<String> pieces = new ArrayList<>();

        @Override
        public void onToken(ScoredToken token, String text) {
            pieces.add(text);
        }

        @Override
        public void onEnd(String text) {
            pieces.add(text);
        }
    }

    private static Generation run(GenerationSettings settings, Heard heard) {
        return Generator.generate(
                new MarkovSession(TABLE), new long[] {0}, settings, new Letters(), heard, () -> false);
    }

    @Test
    void greedyStopsAtTheStopToken() {
        MarkovSession session = new MarkovSession(TABLE);
        Generation generation = Generator.generate(session, new long[] {1, 0}, GenerationSettings.greedy(10, 3));
        assertArrayEquals(new long[] {1, 2, 3}, generation.tokens());
        assertEquals(FinishReason.STOP, generation.finishReason());
        assertEquals(List.of(List.of(1L, 0L, 1L, 2L)), session.rows(), "the stop token is not fed");
        assertEquals(3, session.feeds());
    }

    @Test
    void theLimitEndsTheGeneration() {
        Generation generation = run(GenerationSettings.greedy(2, 3), new Heard());
        assertArrayEquals(new long[] {1, 2}, generation.tokens());
        assertEquals("bc", generation.text());
        assertEquals(FinishReason.LENGTH, generation.finishReason());
    }

    @Test
    void theStopTokenIsNotText() {
        assertEquals("bc", run(GenerationSettings.greedy(9, 3), new Heard()).text());
    }

    @Test
    void minNewTokensForbidsTheStopToken() {
        Generation generation = run(GenerationSettings.greedy(10, 3).withMinNewTokens(4), new Heard());
        // After b and c the stop token is forbidden, so a comes next, then b, then c is free to end.
        assertArrayEquals(new long[] {1, 2, 0, 1, 2, 3}, generation.tokens());
    }

    @Test
    void aStopStringIsFoundAcrossTokensAndNeverShown() {
        Heard heard = new Heard();
        Generation generation =
                run(GenerationSettings.greedy(12).withMinNewTokens(0).withStopStrings(List.of("cda")), heard);
        assertEquals("b", generation.text());
        assertEquals(FinishReason.STOP, generation.finishReason());
        assertEquals("b", String.join("", heard.pieces));
        assertArrayEquals(new long[] {1, 2, 3, 0, 1}, generation.tokens());
    }

    @Test
    void textHeldBackForAStopStringIsReleasedAtTheEnd() {
        Heard heard = new Heard();
        Generation generation = run(GenerationSettings.greedy(3).withStopStrings(List.of("bcda", "cdx")), heard);
        assertEquals("bcd", generation.text());
        assertEquals(FinishReason.LENGTH, generation.finishReason());
        assertEquals(List.of("", "", "", "bcd"), heard.pieces);
    }

    @Test
    void cancellingStopsBeforeTheNextStep() {
        int[] asked = {0};
        MarkovSession session = new MarkovSession(TABLE);
        Generation generation = Generator.generate(
                session,
                new long[] {0},
                GenerationSettings.greedy(10, 3),
                new Letters(),
                new Heard(),
                () -> ++asked[0] > 2);
        assertEquals(FinishReason.CANCELLED, generation.finishReason());
        assertEquals("bc", generation.text());
        assertEquals(2, session.feeds());
    }

    @Test
    void theSameSeedGivesTheSameTokens() {
        long[] first = sample(7);
        assertArrayEquals(first, sample(7));
        assertTrue(Set.of(8L, 9L, 10L).stream().anyMatch(seed -> !Arrays.equals(first, sample(seed))));
    }

    private static long[] sample(long seed) {
        GenerationSettings settings = GenerationSettings.greedy(20).withSampling(Sampling.of(1, 0, 1, seed));
        return Generator.generate(new MarkovSession(TABLE), new long[] {0}, settings)
                .tokens();
    }

    @Test
    void logprobsAreThoseOfTheModel() {
        Generation generation = run(
                GenerationSettings.greedy(1).withTopLogprobs(2).withPenalties(Penalties.repetition(1.5)), new Heard());
        ScoredToken token = generation.scores().get(0);
        assertEquals(1, token.id());
        assertEquals(Math.log(0.6), token.logprob(), 1e-6);
        assertEquals(
                List.of(1, 2),
                token.top().stream().map(ScoredToken.Alternative::id).toList());
        assertEquals(Math.log(0.2), token.top().get(1).logprob(), 1e-6);
    }

    @Test
    void impossibleSettingsAreToldInOneSentence() {
        assertEquals(
                "top_p is 1.5, it must be between 0 and 1",
                assertThrows(IllegalArgumentException.class, () -> Sampling.of(1, 0, 1.5, 0))
                        .getMessage());
        assertEquals(
                "temperature is -1, it must be at least 0",
                assertThrows(IllegalArgumentException.class, () -> Sampling.of(-1, 0, 1, 0))
                        .getMessage());
        GenerationSettings beams = GenerationSettings.greedy(3).withBeams(Beams.of(2));
        assertThrows(IllegalArgumentException.class, () -> beams.withSampling(Sampling.of(1, 0, 1, 0)));
        assertFalse(Sampling.of(1, 0, 1, 0).greedy());
    }
}
