package dev.prompttuning.training.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.peft.causal.Lanes;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.peft.method.Parameters;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.safetensors.SafeTensors;
import dev.prompttuning.transformers.safetensors.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A method on a model in int8 has the loss and the gradients that it has on a model in single precision whose weights are the
 * int8 ones times their scales.
 */
class QuantizedGoldenTest {

    @TempDir
    Path folder;

    static List<GoldenCase> cases() throws IOException {
        return GoldenTest.cases().stream().filter(golden -> !golden.isFull()).toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAreThoseOfTheDecodedWeights(GoldenCase golden) throws IOException {
        writeDecoded(golden.model());
        for (boolean oneLane : new boolean[] {false, true}) {
            try (GoldenModel decoded = GoldenModel.load(golden, folder, Precision.FLOAT32, false)) {
                Loss expected = train(decoded, oneLane);
                for (boolean recompute : oneLane ? new boolean[] {false, true} : new boolean[] {false}) {
                    try (GoldenModel packed = GoldenModel.load(golden, golden.model(), Precision.INT8, recompute)) {
                        Loss loss = train(packed, oneLane);
                        assertEquals(expected.mean(), loss.mean(), 1e-6 * expected.mean());
                        assertGradients(
                                decoded.tuning().parameters(), packed.tuning().parameters());
                    }
                }
            }
        }
    }

    private static Loss train(GoldenModel model, boolean oneLane) {
        Lanes batch = oneLane ? model.packed() : model.padded();
        return model.causal().train(batch, 1.0 / batch.labelledTokens());
    }

    private static void assertGradients(Parameters expected, Parameters actual) {
        expected.tensors().forEach((name, tensor) -> {
            NDArray gradient = tensor.getGradient();
            double difference =
                    gradient.sub(actual.get(name).getGradient()).norm().getFloat();
            assertEquals(0, difference, 1e-5 * gradient.norm().getFloat() + 1e-9, name);
        });
    }

    /** The model's folder with every matrix rounded to int8 and back, by plain NDArray operations. */
    private void writeDecoded(Path model) throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder source = ModelFolder.open(model);
                SafeTensors tensors = SafeTensors.open(model)) {
            source.copyBesideWeights(folder);
            Map<String, NDArray> decoded = new LinkedHashMap<>();
            for (String name : tensors.names()) {
                NDArray tensor = tensors.load(name, manager, true);
                // GPT-2 stores its linear maps the other way round.
                int inputs = name.matches(".*\\.c_(attn|proj|fc)\\.weight") ? 0 : 1;
                decoded.put(name, tensor.getShape().dimension() == 2 ? rounded(tensor, inputs) : tensor);
            }
            SafeTensorsWriter.write(folder.resolve("model.safetensors"), decoded, Map.of());
        }
    }

    private static NDArray rounded(NDArray matrix, int axis) {
        NDArray steps = matrix.abs().max(new int[] {axis}, true).div(127);
        NDArray scales = steps.add(steps.eq(0).toType(steps.getDataType(), false));
        return matrix.div(scales).round().mul(scales);
    }
}
