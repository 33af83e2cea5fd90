package dev.prompttuning.serving.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.serving.openai.ApiException;
import dev.prompttuning.serving.openai.FinishReason;
import dev.prompttuning.serving.openai.Usage;
import dev.prompttuning.transformers.generation.DecodeSession;
import dev.prompttuning.transformers.generation.GenerationSettings;
import dev.prompttuning.transformers.generation.TextDecoder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The model here scores the letter after the last one highest; token ids are characters. */
class EngineTest {
    private final AlphabetModel model = new AlphabetModel();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Engine engine = new Engine(model, new CharacterCodec(), 1, new ServingMetrics(meters, "base"));

    @AfterEach
    void close() {
        engine.close();
        assertEquals(0, model.open);
    }

    @Test
    void continuesThePromptUntilTheTokensRunOut() throws Exception {
        Heard heard = ask("ab", 3, List.of());
        assertEquals(new Usage(2, 3), heard.usage.get(10, TimeUnit.SECONDS));
        assertEquals("cde", heard.text.toString());
        assertEquals(FinishReason.LENGTH, heard.reason);
        assertEquals(4.0, meters.get("prompttuning.forward.tokens").counter().count());
    }

    @Test
    void endsAtAnEndTokenAndLeavesItOut() throws Exception {
        Heard heard = ask("w", 9, List.of());
        assertEquals(new Usage(1, 3), heard.usage.get(10, TimeUnit.SECONDS));
        assertEquals("xy", heard.text.toString());
        assertEquals(FinishReason.STOP, heard.reason);
    }

    @Test
    void sendsNoPartOfAStopText() throws Exception {
        Heard heard = ask("a", 9, List.of("efg", "q"));
        heard.usage.get(10, TimeUnit.SECONDS);
        assertEquals("bcd", heard.text.toString());
        assertEquals(FinishReason.STOP, heard.reason);
    }

    @Test
    void sendsWhatOnlyLookedLikeAStopText() throws Exception {
        Heard heard = ask("a", 4, List.of("deX"));
        heard.usage.get(10, TimeUnit.SECONDS);
        assertEquals("bcde", heard.text.toString());
    }

    @Test
    void refusesWhatDoesNotFitTheQueueAndCancelsWhatIsNotWanted() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        CompletableFuture<Boolean> held = engine.onModelThread(() -> hold.await(30, TimeUnit.SECONDS));
        Heard waiting = new Heard();
        Engine.Ticket ticket = engine.submit(request("a", 5, List.of()), waiting);
        ApiException e = assertThrows(ApiException.class, () -> engine.submit(request("a", 5, List.of()), new Heard()));
        assertEquals(429, e.status());
        assertTrue(e.retryAfterSeconds().isPresent());
        ticket.cancel();
        hold.countDown();
        held.get(10, TimeUnit.SECONDS);
        assertEquals("b", answered(ask("a", 1, List.of())));
        assertEquals("", waiting.text.toString());
    }

    @Test
    void goesOnAfterAFailure() throws Exception {
        model.fails = true;
        Heard heard = ask("a", 2, List.of());
        assertThrows(Exception.class, () -> heard.usage.get(10, TimeUnit.SECONDS));
        model.fails = false;
        assertEquals("bc", answered(ask("a", 2, List.of())));
    }

    private static String answered(Heard heard) throws Exception {
        heard.usage.get(10, TimeUnit.SECONDS);
        return heard.text.toString();
    }

    private Heard ask(String prompt, int maxTokens, List<String> stop) {
        Heard heard = new Heard();
        engine.submit(request(prompt, maxTokens, stop), heard);
        return heard;
    }

    private static GenerationRequest request(String prompt, int maxTokens, List<String> stop) {
        long[] ids = prompt.chars().asLongStream().toArray();
        GenerationSettings settings =
                GenerationSettings.greedy(maxTokens, (int) 'z').withStopStrings(stop);
        return new GenerationRequest("base", Prefix.NONE, List.of(ids), 1, Optional.of(settings));
    }

    private static final class Heard implements AnswerListener {
        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<Usage> usage = new CompletableFuture<>();
        private volatile FinishReason reason;

        @Override
        public void text(int index, String piece) {
            text.append(piece);
        }

        @Override
        public void finished(int index, FinishReason why) {
            reason = why;
        }

        @Override
        public void done(Usage used) {
            usage.complete(used);
        }

        @Override
        public void failed(RuntimeException cause) {
            usage.completeExceptionally(cause);
        }
    }

    private static final class AlphabetModel implements LanguageModel {
        private volatile int open;
        private volatile boolean fails;

        @Override
        public Opening begin(Prefix prefix, long[] prompt) {
            open++;
            return new Opening(new AlphabetSession(), prompt, 0);
        }

        private final class AlphabetSession implements DecodeSession {
            private int length;

            @Override
            public int vocabSize() {
                return 128;
            }

            @Override
            public int length() {
                return length;
            }

            @Override
            public void reorder(int[] sourceRows) {
                throw new UnsupportedOperationException();
            }

            @Override
            public float[][] feed(long[][] tokens) {
                if (fails) {
                    throw new IllegalStateException("the model is broken on purpose");
                }
                length += tokens[0].length;
                float[] scores = new float[vocabSize()];
                scores[(int) tokens[0][tokens[0].length - 1] + 1] = 1;
                return new float[][] {scores};
            }

            @Override
            public void close() {
                open--;
            }
        }

        @Override
        public void close() {}
    }

    private static final class CharacterCodec implements TextCodec {
        @Override
        public long[] encode(String text, boolean addSpecialTokens) {
            return text.chars().asLongStream().toArray();
        }

        @Override
        public TextDecoder decoder() {
            return new TextDecoder() {
                @Override
                public String add(long token) {
                    return Character.toString((int) token);
                }

                @Override
                public String flush() {
                    return "";
                }
            };
        }
    }
}
