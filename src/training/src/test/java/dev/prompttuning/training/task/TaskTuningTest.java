package dev.prompttuning.training.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.api.tuning.Scheduler;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.peft.method.PromptEncoder;
import dev.prompttuning.peft.method.SoftPrompt;
import dev.prompttuning.peft.method.SoftPrompts;
import dev.prompttuning.peft.method.TrainedHead;
import dev.prompttuning.peft.method.TunedWithHead;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.peft.task.SpanRule;
import dev.prompttuning.peft.task.TaskBatch;
import dev.prompttuning.peft.task.TaskTuning;
import dev.prompttuning.training.optimizer.AdamW;
import dev.prompttuning.training.optimizer.GradientNorm;
import dev.prompttuning.training.optimizer.LearningRateSchedule;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.head.HeadSpec;
import dev.prompttuning.transformers.head.HeadTask;
import dev.prompttuning.transformers.head.TaskModel;
import dev.prompttuning.transformers.head.TaskModels;
import dev.prompttuning.transformers.kernel.Precision;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What PEFT has no answer to, or another one for the same row in other company. */
class TaskTuningTest {

    private static final Path MODELS = Path.of("src/test/resources/golden/models");
    private static final int TOKENS = 7;
    private static final long NONE = TaskBatch.IGNORED;
    private static final int[][] ROWS = {{2, 40, 51, 62, 73, 84, 95, 3}, {2, 40, 62, 3}, {2, 95, 3}};

    private record Setup(NDManager manager, ModelFolder folder, TaskModel model, Tuning tuning, TaskTuning task)
            implements AutoCloseable {

        static Setup open(String family, HeadTask headTask, int labels, Function<SoftPrompts, SoftPrompt> method) {
            NDManager manager = NDManager.newBaseManager("PyTorch");
            ModelFolder folder = ModelFolder.open(MODELS.resolve(family));
            TaskModel model =
                    TaskModels.load(folder, manager, false, Precision.FLOAT32, new HeadSpec(headTask, labels, 5));
            SoftPrompt prompt = method.apply(new SoftPrompts(model.config(), manager, 5));
            Tuning tuning = new TunedWithHead(prompt, TrainedHead.of(model.head()));
            return new Setup(manager, folder, model, tuning, new TaskTuning(model, tuning, SpanRule.OWN_TOKENS, false));
        }

        double gradient(String name) {
            return tuning.parameters().get(name).getGradient().norm().getFloat();
        }

        @Override
        public void close() {
            task.close();
            model.close();
            folder.close();
            manager.close();
        }
    }

    private static SoftPrompt method(String name, SoftPrompts prompts) {
        return switch (name) {
            case "prompt" -> prompts.promptTuning(TOKENS);
            case "ptuning-mlp" -> prompts.pTuning(TOKENS, new PromptEncoder.Mlp(16, 2, 0));
            case "ptuning-lstm" -> prompts.pTuning(TOKENS, new PromptEncoder.Lstm(16, 1, 0));
            default -> prompts.prefixTuning(TOKENS, OptionalInt.empty(), false);
        };
    }

    private static TaskBatch batch(long[]... labels) {
        int length = ROWS[0].length;
        long[][] ids = new long[labels.length][length];
        int[] lengths = new int[labels.length];
        for (int row = 0; row < labels.length; row++) {
            lengths[row] = ROWS[row].length;
            for (int i = 0; i < lengths[row]; i++) {
                ids[row][i] = ROWS[row][i];
            }
        }
        return new TaskBatch(ids, lengths, null, labels);
    }

    /** A row of a batch without the others and without padding. */
    private static TaskBatch alone(TaskBatch batch, int row, boolean perToken) {
        int length = batch.lengths()[row];
        long[] labels = perToken ? java.util.Arrays.copyOf(batch.labels()[row], length) : batch.labels()[row];
        return new TaskBatch(
                new long[][] {java.util.Arrays.copyOf(batch.tokenIds()[row], length)},
                new int[] {length},
                null,
                new long[][] {labels});
    }

    private static TaskBatch tags() {
        return batch(
                new long[] {NONE, 0, NONE, 1, 2, NONE, 0, NONE},
                new long[] {NONE, 0, 1, NONE, NONE, NONE, NONE, NONE},
                new long[] {NONE, 0, NONE, NONE, NONE, NONE, NONE, NONE});
    }

    @ParameterizedTest
    @CsvSource({
        "bert,prompt",
        "bert,ptuning-mlp",
        "bert,ptuning-lstm",
        "roberta,prompt",
        "roberta,ptuning-mlp",
        "roberta,ptuning-lstm"
    })
    void tokensKeepTheirLabelsBehindVirtualTokens(String family, String method) {
        try (Setup setup = Setup.open(family, HeadTask.TOKEN_CLS, 3, prompts -> method(method, prompts))) {
            TaskBatch batch = tags();
            float[][][] scores = setup.task.scores(batch);
            assertEquals(ROWS[0].length, scores[0].length);
            double expected = 0;
            for (int row = 0; row < batch.rows(); row++) {
                for (int token = 0; token < batch.lengths()[row]; token++) {
                    long label = batch.labels()[row][token];
                    expected += label == NONE ? 0 : crossEntropy(scores[row][token], (int) label);
                }
            }
            Loss loss = setup.task.train(batch, 1.0 / batch.labelCount());
            assertEquals(7, loss.tokens());
            assertEquals(expected, loss.sum(), 1e-4);
            setup.tuning
                    .parameters()
                    .tensors()
                    .keySet()
                    .forEach(name -> assertTrue(setup.gradient(name) > 0, name + " gets no gradient"));
        }
    }

    private static double crossEntropy(float[] scores, int label) {
        double sum = 0;
        for (float score : scores) {
            sum += Math.exp(score);
        }
        return Math.log(sum) - scores[label];
    }

    @ParameterizedTest
    @CsvSource({"bert,prompt", "bert,ptuning-mlp", "roberta,ptuning-lstm"})
    void tokenLabelsAreLearned(String family, String method) {
        try (Setup setup = Setup.open(family, HeadTask.TOKEN_CLS, 3, prompts -> method(method, prompts))) {
            TaskBatch batch = tags();
            Map<String, NDArray> parameters = setup.tuning.parameters().tensors();
            LearningRateSchedule schedule = new LearningRateSchedule(Scheduler.LINEAR, 0.03, 2, 60);
            try (AdamW adamW = new AdamW(AdamW.Settings.withWeightDecay(0), parameters, setup.manager)) {
                for (int step = 0; step < 60; step++) {
                    setup.task.train(batch, 1.0 / batch.labelCount());
                    double norm = GradientNorm.of(parameters.values());
                    adamW.step(schedule.at(step), GradientNorm.clipping(norm, 1));
                }
            }
            assertEquals(3, setup.task.evaluate(batch).exactRows());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bert,TOKEN_CLS,prompt",
        "bert,QUESTION_ANS,prompt",
        "roberta,QUESTION_ANS,ptuning-mlp",
        "roberta,QUESTION_ANS,prefix",
        "bert,SEQ_CLS,prompt",
        "roberta,SEQ_CLS,prefix",
        "qwen2,SEQ_CLS,prompt",
        "qwen2,SEQ_CLS,prefix",
        "qwen3,SEQ_CLS,ptuning-mlp",
        "llama,SEQ_CLS,prompt"
    })
    void aRowComputesTheSameAloneAndInABatch(String family, HeadTask task, String method) {
        TaskBatch batch =
                switch (task) {
                    case SEQ_CLS -> batch(new long[] {0}, new long[] {1}, new long[] {1});
                    case TOKEN_CLS -> tags();
                    case QUESTION_ANS -> batch(new long[] {3, 5}, new long[] {1, 1}, new long[] {0, 0});
                };
        int labels = task == HeadTask.TOKEN_CLS ? 3 : 2;
        try (Setup setup = Setup.open(family, task, labels, prompts -> method(method, prompts))) {
            Loss together = setup.task.evaluate(batch).loss();
            double sum = 0;
            for (int row = 0; row < batch.rows(); row++) {
                TaskBatch alone = alone(batch, row, task == HeadTask.TOKEN_CLS);
                sum += setup.task.evaluate(alone).loss().sum();
                float[][] expected = setup.task.scores(alone)[0];
                for (int place = 0; place < expected.length; place++) {
                    assertArrayEquals(expected[place], setup.task.scores(batch)[row][place], 1e-4f);
                }
            }
            assertEquals(sum, together.sum(), 1e-4);
        }
    }

    @ParameterizedTest
    @CsvSource({"SEQ_CLS,prompt,true", "SEQ_CLS,prefix,true", "QUESTION_ANS,prompt,false", "QUESTION_ANS,prefix,false"})
    void tokenTypesTellAPairApartWhereTheyDoInPeft(HeadTask task, String method, boolean seen) {
        try (Setup setup = Setup.open("bert", task, 2, prompts -> method(method, prompts))) {
            TaskBatch plain = batch(new long[] {0});
            TaskBatch pair = new TaskBatch(
                    plain.tokenIds(), plain.lengths(), new int[][] {{0, 0, 0, 0, 1, 1, 1, 1}}, plain.labels());
            TaskBatch zeros = new TaskBatch(plain.tokenIds(), plain.lengths(), new int[1][8], plain.labels());
            float alone = setup.task.scores(plain)[0][0][0];
            assertEquals(alone, setup.task.scores(zeros)[0][0][0], 1e-6f);
            assertEquals(seen, Math.abs(alone - setup.task.scores(pair)[0][0][0]) > 1e-4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt", "ptuning-lstm", "prefix"})
    void gradientsAreSlopes(String method) {
        try (Setup setup = Setup.open("roberta", HeadTask.TOKEN_CLS, 3, prompts -> method(method, prompts))) {
            TaskBatch batch = tags();
            setup.task.train(batch, 1);
            NDArray parameter = setup.tuning.parameters().get("prompt_encoder.default.embedding.weight");
            double slope;
            try (Autograd off = Autograd.off()) {
                NDArray direction = setup.manager
                        .create(new Random(3)
                                .doubles(parameter.size())
                                .collect(
                                        () -> java.nio.FloatBuffer.allocate((int) parameter.size()),
                                        (buffer, value) -> buffer.put((float) (value - 0.5)),
                                        (left, right) -> {})
                                .array())
                        .reshape(parameter.getShape());
                slope = parameter.getGradient().mul(direction).sum().getFloat();
                double step = 1e-2;
                parameter.addi(direction.mul(step));
                double above = setup.task.evaluate(batch).loss().sum();
                parameter.subi(direction.mul(2 * step));
                double below = setup.task.evaluate(batch).loss().sum();
                assertEquals(slope, (above - below) / (2 * step), 0.02 * Math.abs(slope) + 2e-3);
            }
        }
    }
}
