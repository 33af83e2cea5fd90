package dev.prompttuning.training.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.peft.method.Lora;
import dev.prompttuning.peft.method.TrainedHead;
import dev.prompttuning.peft.method.TrainedHead.Wrapping;
import dev.prompttuning.peft.task.TaskBatch;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.head.HeadTask;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Models with heads and their methods compute what PEFT computes; as {@link GoldenTest} for language models. */
class TaskGoldenTest {

    static List<GoldenCase> cases() throws IOException {
        return GoldenTest.all().filter(GoldenCase::hasHead).toList();
    }

    @ParameterizedTest
    @CsvSource({"bert", "roberta"})
    void bothEncodersHaveEveryTask(String family) throws IOException {
        List<String> names = cases().stream().map(GoldenCase::toString).toList();
        for (String task : List.of("seq_cls", "token_cls", "question_ans")) {
            for (String method : List.of("prefix", "prefix-mlp", "lora", "full")) {
                assertTrue(names.contains(family + "." + task + "." + method), family + " " + task + " " + method);
            }
        }
    }

    @Test
    void thereAreAllCases() throws IOException {
        assertEquals(48, cases().size());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void firstStepHasTheLossAndTheGradients(GoldenCase golden) {
        for (boolean recompute : new boolean[] {false, true}) {
            try (TaskGoldenModel model = TaskGoldenModel.load(golden, recompute)) {
                TaskBatch batch = model.batch();
                Map<String, NDArray> expected = golden.tensors("golden.safetensors", model.manager());
                Loss loss = model.task().train(batch, 1.0 / batch.labelCount());
                assertEquals(expected.get("loss").getFloat(), loss.mean(), 1e-4);
                expected.keySet().removeIf(TaskGoldenTest::hasNoGradient);
                GoldenTest.assertGradients(model.tuning().parameters(), expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void firstForwardHasTheLogits(GoldenCase golden) {
        try (TaskGoldenModel model = TaskGoldenModel.load(golden, false)) {
            model.assertLogits("golden.safetensors", 1e-4, false);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trainingEndsWhereItEndsInPeft(GoldenCase golden) {
        try (TaskGoldenModel model = TaskGoldenModel.load(golden, false)) {
            TaskBatch batch = model.batch();
            GoldenRun run = GoldenRun.train(golden, model.tuning().parameters(), model.manager(), () -> model.task()
                    .train(batch, 1.0 / batch.labelCount()));
            run.assertAsIn(golden);
            assertTrained(golden, model);
            boolean places = model.model().head().task() == HeadTask.QUESTION_ANS;
            model.assertLogits("trained_eval.safetensors", 2e-3, places);
        }
    }

    private static void assertTrained(GoldenCase golden, TaskGoldenModel model) {
        if (golden.isFull()) {
            golden.tensors("trained_ends.safetensors", model.manager())
                    .forEach((name, tensor) ->
                            assertClose(tensor, model.model().weights().get(name), name));
            return;
        }
        try (Autograd off = Autograd.off()) {
            TrainedHead head = model.tuning().head().orElseThrow();
            Map<String, NDArray> ours = new LinkedHashMap<>();
            model.tuning().prompt().ifPresent(prompt -> ours.put("prompt_embeddings", prompt.promptEmbeddings()));
            model.tuning().lora().map(Lora::saved).ifPresent(ours::putAll);
            ours.putAll(head.saved(model.tuning().lora().isPresent() ? Wrapping.LORA : Wrapping.PROMPT));
            Map<String, NDArray> expected =
                    golden.tensors("adapter_trained/adapter_model.safetensors", model.manager());
            assertEquals(expected.keySet(), ours.keySet());
            expected.forEach((name, tensor) -> assertClose(tensor, ours.get(name), name));
        }
    }

    private static void assertClose(NDArray expected, NDArray actual, String name) {
        if (!hasNoGradient(name)) {
            GoldenTest.assertClose(expected, actual, name);
        }
    }

    /**
     * Adding the same to the scores of all places changes no probability, so this bias has the gradient zero: what is recorded is
     * rounding, which the optimizer blows up to steps of full size.
     */
    private static boolean hasNoGradient(String name) {
        return name.contains("qa_outputs") && name.endsWith(".bias");
    }
}
