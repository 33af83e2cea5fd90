package dev.prompttuning.training.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.peft.method.FullFineTuning;
import dev.prompttuning.peft.method.Parameters;
import dev.prompttuning.peft.method.TrainedHead;
import dev.prompttuning.peft.method.TunedWithHead;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.peft.task.SpanRule;
import dev.prompttuning.peft.task.TaskBatch;
import dev.prompttuning.peft.task.TaskTuning;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.head.HeadSpec;
import dev.prompttuning.transformers.head.HeadTask;
import dev.prompttuning.transformers.head.TaskModel;
import dev.prompttuning.transformers.head.TaskModels;
import dev.prompttuning.transformers.kernel.Precision;
import java.util.Arrays;
import java.util.Map;

/** A case's model with a head and method, ready to run. */
record TaskGoldenModel(
        GoldenCase golden, NDManager manager, ModelFolder folder, TaskModel model, Tuning tuning, TaskTuning task)
        implements AutoCloseable {

    static TaskGoldenModel load(GoldenCase golden, boolean recompute) {
        NDManager manager = NDManager.newBaseManager("PyTorch");
        HeadTask task = HeadTask.valueOf(golden.json().get("task").asText());
        // The file of full fine-tuning has what all methods of a task start from, BERT's pooler too.
        String start = golden.json().get("family").asText() + "." + task.name().toLowerCase() + ".full/init";
        ModelFolder folder = ModelFolder.open(golden.folder().resolveSibling(start));
        int labels =
                switch (task) {
                    case SEQ_CLS -> 3;
                    case TOKEN_CLS -> 5;
                    case QUESTION_ANS -> 2;
                };
        TaskModel model =
                TaskModels.load(folder, manager, golden.isFull(), Precision.FLOAT32, new HeadSpec(task, labels, 1));
        Tuning tuning = tuning(golden, model);
        return new TaskGoldenModel(
                golden, manager, folder, model, tuning, new TaskTuning(model, tuning, SpanRule.AS_PEFT, recompute));
    }

    private static Tuning tuning(GoldenCase golden, TaskModel model) {
        if (golden.isFull()) {
            return new FullFineTuning(new Parameters(model.weights()));
        }
        Map<String, NDArray> start = golden.tensors("trainable_init.safetensors", model.manager());
        Map<String, NDArray> head = golden.tensors("trainable_init.safetensors", model.manager());
        start.keySet().removeIf(name -> name.contains(".modules_to_save."));
        head.keySet().removeAll(start.keySet());
        Tuning tuning = new TunedWithHead(
                golden.tuning(Parameters.copied(start, model.manager())), TrainedHead.of(model.head()));
        try (Autograd off = Autograd.off()) {
            head.forEach((name, tensor) -> assertEquals(
                    tensor, tuning.parameters().get(name), "the head's start in the model's file: " + name));
        }
        return tuning;
    }

    TaskBatch batch() {
        Map<String, NDArray> batch = golden.tensors("batch.safetensors", manager);
        long[][] ids = GoldenCase.rows(batch.get("input_ids"));
        int[] lengths = Arrays.stream(GoldenCase.rows(batch.get("attention_mask")))
                .mapToInt(row -> (int) Arrays.stream(row).sum())
                .toArray();
        return new TaskBatch(ids, lengths, null, labels(batch));
    }

    private long[][] labels(Map<String, NDArray> batch) {
        return switch (model.head().task()) {
            case SEQ_CLS ->
                Arrays.stream(batch.get("labels").toLongArray())
                        .mapToObj(label -> new long[] {label})
                        .toArray(long[][]::new);
            case TOKEN_CLS -> GoldenCase.rows(batch.get("labels"));
            case QUESTION_ANS -> {
                long[] starts = batch.get("start_positions").toLongArray();
                long[] ends = batch.get("end_positions").toLongArray();
                long[][] both = new long[starts.length][];
                Arrays.setAll(both, row -> new long[] {starts[row], ends[row]});
                yield both;
            }
        };
    }

    /**
     * Compares the scores of all real tokens with those in a file.
     *
     * @param centred whether scores of places count only by how far they are from the first place's
     */
    void assertLogits(String file, double tolerance, boolean centred) {
        Map<String, NDArray> expected = golden.tensors(file, manager);
        TaskBatch batch = batch();
        float[][][] ours = task.scores(batch);
        for (int row = 0; row < batch.rows(); row++) {
            int places = model.head().task() == HeadTask.SEQ_CLS ? 1 : batch.lengths()[row];
            for (int place = 0; place < places; place++) {
                for (int label = 0; label < ours[row][place].length; label++) {
                    float theirCentre = centred ? logit(expected, row, 0, label) : 0;
                    float ourCentre = centred ? ours[row][0][label] : 0;
                    assertEquals(
                            logit(expected, row, place, label) - theirCentre,
                            ours[row][place][label] - ourCentre,
                            tolerance,
                            golden + " " + file + " row " + row + " place " + place);
                }
            }
        }
    }

    private float logit(Map<String, NDArray> expected, int row, int place, int label) {
        return switch (model.head().task()) {
            case SEQ_CLS -> expected.get("logits").getFloat(row, label);
            case TOKEN_CLS -> expected.get("logits").getFloat(row, place, label);
            case QUESTION_ANS ->
                expected.get(label == 0 ? "start_logits" : "end_logits").getFloat(row, place);
        };
    }

    @Override
    public void close() {
        task.close();
        model.close();
        folder.close();
        manager.close();
    }
}
