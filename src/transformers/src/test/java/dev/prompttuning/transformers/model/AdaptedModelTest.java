package dev.prompttuning.transformers.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.safetensors.SafeTensors;
import dev.prompttuning.transformers.safetensors.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptedModelTest {

    private static final Path MODELS = Path.of("src/test/resources/models");

    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"FLOAT32", "BFLOAT16"})
    void addsToTheMapsItIsAskedToAndLeavesTheModelAlone(Precision precision) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder folder = ModelFolder.open(MODELS.resolve("qwen2"));
                CausalLM model = CausalModels.load(folder, manager, false, precision)) {
            float[] before = hidden(model);
            try (CausalLM same = model.adapted((map, linear) -> linear);
                    CausalLM zero = model.adapted((map, linear) -> new Linear.Adjusted(linear, x -> zeros(map, x)));
                    CausalLM other = model.adapted((map, linear) -> map.name().endsWith(".v_proj")
                            ? new Linear.Adjusted(linear, x -> zeros(map, x).add(1))
                            : linear)) {
                assertArrayEquals(before, hidden(same));
                assertArrayEquals(before, hidden(zero));
                assertFalse(Arrays.equals(before, hidden(other)));
                assertEquals(model.weights().keySet(), other.weights().keySet());
            }
            assertArrayEquals(before, hidden(model));
        }
    }

    private static NDArray zeros(LinearMap map, NDArray input) {
        return input.getManager().zeros(input.getShape().slice(0, 2).addAll(new Shape(map.out())));
    }

    private static float[] hidden(CausalLM model) {
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            NDArray embeddings = model.embed(new long[][] {{5, 17, 42, 99}});
            return model.forward(embeddings, TokenLayout.causal(1, 0, 4), KeyValues.NONE)
                    .toFloatArray();
        }
    }

    @Test
    void namesItsLinearMapsAsTheModelClassDoes() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder folder = ModelFolder.open(MODELS.resolve("gpt2"));
                CausalLM model = CausalModels.load(folder, manager)) {
            List<LinearMap> maps = model.linears();
            assertEquals(4 * model.config().numLayers(), maps.size());
            int hidden = model.config().hiddenSize();
            String name = "transformer.h.0.attn.c_attn";
            assertEquals(new LinearMap(name, name + ".weight", hidden, 3 * hidden, true), maps.get(0));
        }
    }

    /** A file of the bare model names its tensors without the prefix; its modules are called the same. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "bloom"})
    void aBareModelsMapsHaveTheSameNames(String family, @TempDir Path bare) throws IOException {
        Path whole = MODELS.resolve(family);
        Files.copy(whole.resolve("config.json"), bare.resolve("config.json"));
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                SafeTensors tensors = SafeTensors.open(whole.resolve("model.safetensors"))) {
            Map<String, NDArray> stripped = new HashMap<>();
            tensors.names()
                    .forEach(name ->
                            stripped.put(name.replaceFirst("^transformer\\.", ""), tensors.load(name, manager, true)));
            SafeTensorsWriter.write(bare.resolve("model.safetensors"), stripped, Map.of("format", "pt"));
        }
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder one = ModelFolder.open(whole);
                ModelFolder two = ModelFolder.open(bare);
                CausalLM model = CausalModels.load(one, manager);
                CausalLM bareModel = CausalModels.load(two, manager)) {
            assertEquals(names(model), names(bareModel));
            assertTrue(
                    bareModel.weights().containsKey(bareModel.linears().get(0).weight()));
            assertTrue(bareModel.weights().keySet().stream().noneMatch(name -> name.startsWith("transformer.")));
            assertArrayEquals(hidden(model), hidden(bareModel));
        }
    }

    private static List<String> names(CausalLM model) {
        return model.linears().stream().map(LinearMap::name).toList();
    }
}
