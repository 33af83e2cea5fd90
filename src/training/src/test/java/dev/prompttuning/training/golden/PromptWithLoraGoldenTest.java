package dev.prompttuning.training.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.api.tuning.Scheduler;
import dev.prompttuning.peft.adapter.LoraFolder;
import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.peft.causal.Lanes;
import dev.prompttuning.peft.method.Lora;
import dev.prompttuning.peft.method.PTuning;
import dev.prompttuning.peft.method.Parameters;
import dev.prompttuning.peft.method.PrefixTuning;
import dev.prompttuning.peft.method.PromptEncoder;
import dev.prompttuning.peft.method.PromptTuning;
import dev.prompttuning.peft.method.PromptWithLora;
import dev.prompttuning.peft.method.SoftPrompt;
import dev.prompttuning.training.optimizer.AdamW;
import dev.prompttuning.training.optimizer.GradientNorm;
import dev.prompttuning.training.optimizer.LearningRateSchedule;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.CausalModels;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A prompt and LoRA trained together. PEFT offers no such thing; the figures come from its prompt model around a base model that its
 * LoRA layers were put into, with gradients for both.
 */
class PromptWithLoraGoldenTest {

    private static final Path FOLDER = Path.of("src/test/resources/prompt-with-lora");
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private record Setup(GoldenCase golden, NDManager manager, ModelFolder folder, CausalLM model)
            implements AutoCloseable {

        static Setup open(String name) {
            GoldenCase golden = GoldenCase.open(FOLDER.resolve(name));
            NDManager manager = NDManager.newBaseManager("PyTorch");
            ModelFolder folder = ModelFolder.open(
                    GOLDEN.resolve("models").resolve(golden.json().get("family").asText()));
            return new Setup(golden, manager, folder, CausalModels.load(folder, manager));
        }

        PromptWithLora tuning() {
            Map<String, NDArray> prompt = new LinkedHashMap<>();
            Map<String, NDArray> lora = new LinkedHashMap<>();
            golden.tensors("trainable_init.safetensors", manager)
                    .forEach((name, tensor) -> (name.contains(".lora_") ? lora : prompt).put(name, tensor));
            Path adapter =
                    GOLDEN.resolve("cases/" + golden.json().get("family").asText() + ".causal_lm.lora/adapter_init");
            return new PromptWithLora(
                    prompt(Parameters.copied(prompt, manager)),
                    new Lora(
                            Parameters.copied(lora, manager),
                            new LoraFolder(adapter).config().settings()));
        }

        private SoftPrompt prompt(Parameters parameters) {
            return switch (golden.method()) {
                case "prompt-random" -> new PromptTuning(parameters);
                case "ptuning-mlp" ->
                    new PTuning(
                            parameters,
                            new PromptEncoder.Mlp(inner(parameters, "prompt_encoder.default.mlp_head.0.bias"), 2, 0));
                case "prefix" -> new PrefixTuning(parameters, OptionalInt.empty());
                case "prefix-mlp" ->
                    new PrefixTuning(
                            parameters, OptionalInt.of(inner(parameters, "prompt_encoder.default.transform.0.bias")));
                default -> throw new IllegalStateException("No method " + golden.method());
            };
        }

        private static int inner(Parameters parameters, String name) {
            return (int) parameters.get(name).getShape().get(0);
        }

        @Override
        public void close() {
            model.close();
            folder.close();
            manager.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "qwen2.causal_lm.prompt-random,false",
        "qwen2.causal_lm.prompt-random,true",
        "gpt2.causal_lm.ptuning-mlp,true",
        "qwen3.causal_lm.prefix,false",
        "qwen3.causal_lm.prefix,true",
        "bloom.causal_lm.prefix-mlp,true"
    })
    void bothGetTheirGradients(String name, boolean recompute) {
        for (boolean packed : new boolean[] {false, true}) {
            try (Setup setup = Setup.open(name)) {
                PromptWithLora tuning = setup.tuning();
                CausalTuning causal = new CausalTuning(setup.model, tuning, recompute);
                Lanes batch = packed
                        ? setup.golden.packed(setup.manager, causal.numVirtualTokens())
                        : setup.golden.padded(setup.manager, causal.numVirtualTokens());
                Map<String, NDArray> expected = setup.golden.tensors("golden.safetensors", setup.manager);
                double loss = causal.train(batch, 1.0 / batch.labelledTokens()).mean();
                assertEquals(expected.get("loss").getFloat(), loss, 1e-4);
                Parameters parameters = tuning.parameters();
                assertEquals(expected.size() - 1, parameters.tensors().size());
                parameters.tensors().forEach((parameter, tensor) -> {
                    NDArray theirs = expected.get("grad." + parameter);
                    double difference = tensor.getGradient().sub(theirs).norm().getFloat();
                    assertEquals(0, difference, 1e-3 * theirs.norm().getFloat() + 1e-8, parameter);
                });
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "qwen2.causal_lm.prompt-random",
                "gpt2.causal_lm.ptuning-mlp",
                "qwen3.causal_lm.prefix",
                "bloom.causal_lm.prefix-mlp"
            })
    void theyTrainTogether(String name) {
        try (Setup setup = Setup.open(name)) {
            JsonNode json = setup.golden.json();
            int steps = json.at("/optimizer/steps").asInt();
            LearningRateSchedule schedule = new LearningRateSchedule(
                    Scheduler.LINEAR,
                    json.at("/optimizer/lr").asDouble(),
                    json.at("/optimizer/warmup_steps").asInt(),
                    steps);
            PromptWithLora tuning = setup.tuning();
            CausalTuning causal = new CausalTuning(setup.model, tuning, false);
            Lanes batch = setup.golden.padded(setup.manager, causal.numVirtualTokens());
            Map<String, NDArray> parameters = tuning.parameters().tensors();
            AdamW.Settings settings = AdamW.Settings.withWeightDecay(
                    json.at("/optimizer/weight_decay").asDouble());
            double[] losses = new double[steps];
            try (AdamW adamW = new AdamW(settings, parameters, setup.manager)) {
                for (int step = 0; step < steps; step++) {
                    losses[step] =
                            causal.train(batch, 1.0 / batch.labelledTokens()).mean();
                    double norm = GradientNorm.of(parameters.values());
                    adamW.step(schedule.at(step), GradientNorm.clipping(norm, 1));
                }
            }
            double[] expected = StreamSupport.stream(json.get("losses").spliterator(), false)
                    .mapToDouble(JsonNode::asDouble)
                    .toArray();
            assertArrayEquals(expected, losses, 1e-3);
        }
    }
}
