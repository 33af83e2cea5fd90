package dev.prompttuning.training.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.peft.method.PromptPerTask;
import dev.prompttuning.peft.method.SoftPrompt;
import dev.prompttuning.peft.method.SoftPrompts;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.generation.FinishReason;
import dev.prompttuning.transformers.generation.Generation;
import dev.prompttuning.transformers.generation.GenerationSettings;
import dev.prompttuning.transformers.generation.Generator;
import dev.prompttuning.transformers.generation.ScoredToken;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.CausalModels;
import dev.prompttuning.transformers.model.CausalSession;
import dev.prompttuning.transformers.model.KeyValues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GreedyAnswersTest {
    private static final Path MODELS =
            Path.of(System.getProperty("project.root"), "src/training/src/test/resources/golden/models");
    private static final int END = 7;
    private static final int MOST = 12;

    /** Prompts of one to eighteen tokens, each with a short answer, of two tasks. */
    private static List<EncodedRow> rows() {
        Random random = new Random(3);
        List<EncodedRow> rows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int[] tokens = random.ints(1 + (i * 7) % 18 + 2, 10, 400).toArray();
            tokens[tokens.length - 1] = END;
            rows.add(new EncodedRow(
                    tokens, tokens.length - 2, tokens.length - 2, EncodedRow.Cut.NOTHING, i % 3 == 0 ? 1 : 0));
        }
        return rows;
    }

    private static PromptPerTask prompts(CausalLM model) {
        SoftPrompts random = new SoftPrompts(model.config(), model.manager(), 5);
        SoftPrompts other = new SoftPrompts(model.config(), model.manager(), 6);
        return new PromptPerTask(
                List.<SoftPrompt>of(random.prefixTuning(3, OptionalInt.empty(), false), other.promptTuning(3)));
    }

    private static Prediction.OfText alone(CausalTuning tuning, EncodedRow row) {
        try (KeyValues prefix = tuning.prefix(row.task());
                CausalSession session = new CausalSession(tuning.model(), prefix)) {
            Generation made = Generator.generate(
                    session,
                    row.promptIds(),
                    GenerationSettings.greedy(MOST, END).withTopLogprobs(0));
            int end = made.finishReason() == FinishReason.STOP ? 1 : 0;
            double mean = made.scores().stream()
                    .mapToDouble(ScoredToken::logprob)
                    .map(Math::exp)
                    .average()
                    .orElseThrow();
            return new Prediction.OfText(
                    Arrays.toString(row.promptIds()),
                    Arrays.toString(row.answerIds()),
                    Arrays.toString(Arrays.copyOf(made.tokens(), made.tokens().length - end)),
                    mean);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen3", "gpt2", "bloom"})
    void rowsTogetherWriteWhatEachWritesAlone(String family) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder folder = ModelFolder.open(MODELS.resolve(family));
                CausalLM model = CausalModels.load(folder, manager);
                CausalTuning tuning = new CausalTuning(model, prompts(model), false)) {
            List<EncodedRow> rows = rows();
            List<Prediction.OfText> together = new GreedyAnswers(tuning, Arrays::toString, rows, 6, MOST).write();
            for (int i = 0; i < rows.size(); i++) {
                Prediction.OfText alone = alone(tuning, rows.get(i));
                assertEquals(alone.input(), together.get(i).input());
                assertEquals(alone.gold(), together.get(i).gold());
                assertEquals(alone.predicted(), together.get(i).predicted(), "row " + i);
                assertEquals(alone.confidence(), together.get(i).confidence(), 1e-5);
            }
        }
    }

    @Test
    void aRowWithoutAPromptHasNoAnswer() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder folder = ModelFolder.open(MODELS.resolve("qwen3"));
                CausalLM model = CausalModels.load(folder, manager);
                CausalTuning tuning = CausalTuning.untuned(model)) {
            List<EncodedRow> rows = List.of(new EncodedRow(new int[] {5, 6, END}, 0, 0, EncodedRow.Cut.NOTHING));
            assertEquals(
                    List.of(new Prediction.OfText("[]", "[5, 6, 7]", "[]", 0)),
                    new GreedyAnswers(tuning, Arrays::toString, rows, 6, MOST).write());
        }
    }

    @Test
    void rowsThatHaveEndedAreLeftOut() {
        List<Integer> fed = new ArrayList<>();
        List<long[]> prompts = List.of(new long[] {1}, new long[] {2}, new long[] {3, 30}, new long[] {4});
        List<GreedyBatch.Written> written = new GreedyBatch(new CountingDown(fed), prompts, MOST, List.of(0)).write();
        assertEquals(
                List.of("[]", "[1]", "[29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18]", "[3, 2, 1]"),
                written.stream().map(one -> Arrays.toString(one.tokens())).toList());
        assertEquals(List.of(4, 4, 2, 2), fed.subList(0, 4), "half of them have ended after two tokens");
        assertEquals(1, fed.get(fed.size() - 1));
        assertTrue(written.stream().allMatch(one -> one.confidence() > 0.99), written.toString());
    }

    /** After each token comes the number below it. */
    private record CountingDown(List<Integer> fed) implements dev.prompttuning.transformers.generation.DecodeSession {
        @Override
        public int vocabSize() {
            return 40;
        }

        @Override
        public float[][] feed(long[][] newTokens) {
            fed.add(newTokens.length);
            float[][] scores = new float[newTokens.length][vocabSize()];
            for (int row = 0; row < newTokens.length; row++) {
                scores[row][(int) Math.max(0, newTokens[row][newTokens[row].length - 1] - 1)] = 20;
            }
            return scores;
        }

        @Override
        public void reorder(int[] sourceRows) {
            assertTrue(sourceRows.length < fed.get(fed.size() - 1));
        }

        @Override
        public int length() {
            return fed.size();
        }

        @Override
        public void close() {}
    }
}
