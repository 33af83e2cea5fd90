package dev.prompttuning.peft.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.peft.causal.Lanes;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.CausalModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenTest {

    static Stream<Path> cases() throws Exception {
        return Files.list(Path.of("src/test/resources/golden/cases")).sorted();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void firstStep(Path folder) {
        GoldenCase golden = GoldenCase.open(folder);
        for (boolean packed : new boolean[] {false, true}) {
            for (boolean recompute : new boolean[] {false, true}) {
                try (NDManager manager = NDManager.newBaseManager("PyTorch");
                        ModelFolder model = ModelFolder.open(golden.model());
                        CausalLM lm = CausalModels.load(
                                model, manager, golden.method().equals("full"))) {
                    Tuning tuning = golden.tuning(lm);
                    CausalTuning causal = new CausalTuning(lm, tuning, recompute);
                    Lanes batch = packed
                            ? golden.packed(manager, causal.numVirtualTokens())
                            : golden.padded(manager, causal.numVirtualTokens());
                    Map<String, NDArray> expected = golden.tensors("golden.safetensors", manager);
                    Loss loss = causal.train(batch, 1.0 / batch.labelledTokens());
                    assertEquals(expected.get("loss").getFloat(), loss.mean(), 1e-4);
                    expected.forEach((name, gradient) -> {
                        if (name.startsWith("grad.")) {
                            NDArray ours =
                                    tuning.parameters().get(name.substring(5)).getGradient();
                            double difference = ours.sub(gradient).norm().getFloat();
                            double size = gradient.norm().getFloat();
                            assertEquals(0, difference, 1e-3 * size + 1e-7, name);
                        }
                    });
                }
            }
        }
    }
}
