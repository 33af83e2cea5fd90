package dev.prompttuning.training.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.peft.causal.Lanes;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.CausalModels;
import dev.prompttuning.transformers.model.KeyValues;
import java.nio.file.Path;

/** A case's model and method, ready to run. */
record GoldenModel(
        GoldenCase golden, NDManager manager, ModelFolder folder, CausalLM lm, Tuning tuning, CausalTuning causal)
        implements AutoCloseable {

    static GoldenModel load(GoldenCase golden, boolean recompute) {
        return load(golden, golden.model(), Precision.FLOAT32, recompute);
    }

    /** With a model of the same shape from another folder, or in another precision. */
    static GoldenModel load(GoldenCase golden, Path model, Precision precision, boolean recompute) {
        NDManager manager = NDManager.newBaseManager("PyTorch");
        ModelFolder folder = ModelFolder.open(model);
        CausalLM lm = CausalModels.load(folder, manager, golden.isFull(), precision);
        Tuning tuning = golden.tuning(lm);
        return new GoldenModel(golden, manager, folder, lm, tuning, new CausalTuning(lm, tuning, recompute));
    }

    Lanes padded() {
        return golden.padded(manager, causal.numVirtualTokens());
    }

    Lanes packed() {
        return golden.packed(manager, causal.numVirtualTokens());
    }

    /** Compares the scores of all real tokens with those in a file, which holds the first columns only. */
    void assertLogits(String file, double tolerance) {
        Lanes batch = padded();
        NDArray expected = golden.tensors(file, manager).get("logits");
        int columns = (int) expected.getShape().get(2);
        int virtual = (int) expected.getShape().get(1) - batch.layout().length();
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open();
                KeyValues prefix = causal.prefix()) {
            CausalLM model = causal.model();
            NDArray hidden = model.forward(model.embed(batch.tokenIds()), batch.layout(), prefix);
            NDArray ours = model.logits(hidden).get(":, :, :" + columns);
            NDArray theirs = expected.get(":, " + virtual + ":, :");
            NDArray real = manager.create(batch.layout().segments()).gte(1).expandDims(2);
            double difference = ours.sub(theirs)
                    .abs()
                    .mul(real.toType(ours.getDataType(), false))
                    .max()
                    .getFloat();
            assertEquals(0, difference, tolerance, golden + " " + file);
        }
    }

    @Override
    public void close() {
        lm.close();
        folder.close();
        manager.close();
    }
}
