package dev.prompttuning.training.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.peft.causal.Lanes;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.peft.seq2seq.Seq2SeqBatch;
import dev.prompttuning.peft.seq2seq.Seq2SeqTuning;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.seq2seq.Seq2SeqLM;
import dev.prompttuning.transformers.seq2seq.Seq2SeqModels;
import java.util.Arrays;
import java.util.Map;

/** A case's model with an encoder and a decoder and method, ready to run. */
record Seq2SeqGoldenModel(
        GoldenCase golden, NDManager manager, ModelFolder folder, Seq2SeqLM lm, Tuning tuning, Seq2SeqTuning seq2seq)
        implements AutoCloseable {

    static Seq2SeqGoldenModel load(GoldenCase golden, boolean recompute) {
        NDManager manager = NDManager.newBaseManager("PyTorch");
        ModelFolder folder = ModelFolder.open(golden.model());
        Seq2SeqLM lm = Seq2SeqModels.load(folder, manager, golden.isFull(), Precision.FLOAT32);
        Tuning tuning = golden.tuning(lm);
        return new Seq2SeqGoldenModel(golden, manager, folder, lm, tuning, new Seq2SeqTuning(lm, tuning, recompute));
    }

    /** The batch as PEFT saw it. */
    Seq2SeqBatch batch() {
        Map<String, NDArray> batch = golden.tensors("batch.safetensors", manager);
        int[] lengths = Arrays.stream(GoldenCase.rows(batch.get("attention_mask")))
                .mapToInt(row -> (int) Arrays.stream(row).sum())
                .toArray();
        return new Seq2SeqBatch(GoldenCase.rows(batch.get("input_ids")), lengths, GoldenCase.rows(batch.get("labels")));
    }

    /** Compares the scores that labels are compared with with those in a file, which holds the first columns only. */
    void assertLogits(String file, double tolerance) {
        Seq2SeqBatch batch = batch();
        NDArray expected = golden.tensors(file, manager).get("logits");
        long columns = expected.getShape().get(2);
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            NDArray ours = seq2seq.logits(batch).get(":, :, :" + columns);
            NDArray real = manager.create(batch.labels()).neq(Lanes.IGNORED).expandDims(2);
            double difference = ours.sub(expected)
                    .abs()
                    .mul(real.toType(ours.getDataType(), false))
                    .max()
                    .getFloat();
            assertEquals(0, difference, tolerance, golden + " " + file);
        }
    }

    @Override
    public void close() {
        seq2seq.close();
        lm.close();
        folder.close();
        manager.close();
    }
}
