package dev.prompttuning.training.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.api.tuning.Scheduler;
import dev.prompttuning.peft.adapter.MultitaskFolder;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.peft.causal.Lanes;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.peft.method.MultitaskPromptTuning;
import dev.prompttuning.peft.method.Parameters;
import dev.prompttuning.peft.method.PromptInit;
import dev.prompttuning.training.batch.LanePlanner;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.training.optimizer.AdamW;
import dev.prompttuning.training.optimizer.GradientNorm;
import dev.prompttuning.training.optimizer.LearningRateSchedule;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.generation.GenerationSettings;
import dev.prompttuning.transformers.generation.Generator;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.CausalModels;
import dev.prompttuning.transformers.model.CausalSession;
import dev.prompttuning.transformers.model.KeyValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What PEFT computes for a batch whose rows are of three tasks; made as the golden cases are, with {@code task_ids} beside the rows. */
class MultitaskGoldenTest {

    private static final Path FOLDER = Path.of("src/test/resources/multitask");
    private static final Path MODEL = Path.of("src/test/resources/golden/models/qwen2");

    @Test
    void trainsAsPeftDoes(@TempDir Path written) throws IOException {
        GoldenCase golden = GoldenCase.open(FOLDER);
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder folder = ModelFolder.open(MODEL);
                CausalLM model = CausalModels.load(folder, manager)) {
            Map<String, NDArray> start = golden.tensors("trainable_init.safetensors", manager);
            MultitaskPromptTuning prompt = new MultitaskPromptTuning(Parameters.copied(start, manager));
            CausalTuning causal = new CausalTuning(model, prompt, false);
            List<Lanes> batch =
                    LanePlanner.forHiddenSize(causal.numVirtualTokens(), 32).plans(rows(golden, manager));
            assertEquals(3, batch.size());
            train(golden, prompt, causal, batch, manager);
            assertSaved(model, prompt, written, manager);
            assertGenerates(golden, model, causal);
        }
    }

    private static List<EncodedRow> rows(GoldenCase golden, NDManager manager) {
        Map<String, NDArray> batch = golden.tensors("batch.safetensors", manager);
        long[] tasks = batch.get("task_ids").toLongArray();
        List<EncodedRow> rows = new ArrayList<>();
        for (int i = 0; i < tasks.length; i++) {
            int length = (int) batch.get("attention_mask").get(i).sum().getLong();
            long[] labels = batch.get("labels").get(i).toLongArray();
            int labelled = 0;
            while (labels[labelled] == Lanes.IGNORED) {
                labelled++;
            }
            int[] ids = Arrays.stream(batch.get("input_ids").get(i).toLongArray())
                    .mapToInt(Math::toIntExact)
                    .limit(length)
                    .toArray();
            rows.add(new EncodedRow(ids, labelled, labelled, EncodedRow.Cut.NOTHING, (int) tasks[i]));
        }
        return rows;
    }

    private static void train(
            GoldenCase golden,
            MultitaskPromptTuning prompt,
            CausalTuning causal,
            List<Lanes> batch,
            NDManager manager) {
        JsonNode settings = golden.json().get("optimizer");
        int steps = settings.get("steps").asInt();
        LearningRateSchedule schedule =
                new LearningRateSchedule(Scheduler.LINEAR, settings.get("lr").asDouble(), 2, steps);
        int labelled = batch.stream().mapToInt(Lanes::labelledTokens).sum();
        Map<String, NDArray> parameters = prompt.parameters().tensors();
        double[] losses = numbers(golden.json().get("losses"));
        double[] norms = numbers(golden.json().get("grad_norms"));
        try (AdamW adamW = new AdamW(AdamW.Settings.withWeightDecay(0.01), parameters, manager)) {
            for (int step = 0; step < steps; step++) {
                Loss loss = new Loss(0, 0, 0);
                for (Lanes lanes : batch) {
                    loss = loss.plus(causal.train(lanes, 1.0 / labelled));
                }
                assertEquals(losses[step], loss.mean(), 1e-4);
                if (step == 0) {
                    assertGradients(golden, parameters, manager);
                }
                double norm = GradientNorm.of(parameters.values());
                assertEquals(norms[step], norm, 2e-3 * norm);
                adamW.step(schedule.at(step), GradientNorm.clipping(norm, 1));
            }
        }
    }

    private static void assertGradients(GoldenCase golden, Map<String, NDArray> parameters, NDManager manager) {
        Map<String, NDArray> expected = golden.tensors("golden.safetensors", manager);
        parameters.forEach((name, parameter) -> {
            NDArray theirs = expected.get("grad." + name);
            double difference = parameter.getGradient().sub(theirs).norm().getFloat();
            assertEquals(0, difference, 1e-3 * theirs.norm().getFloat(), name);
        });
    }

    private static void assertSaved(CausalLM model, MultitaskPromptTuning prompt, Path written, NDManager manager)
            throws IOException {
        Path saved = FOLDER.resolve("adapter_trained");
        TuningFolder.Origin origin = new TuningFolder.Origin(
                "tiny/qwen2", Optional.empty(), new PromptInit.Random(), List.of("one", "two", "three"));
        new TuningFolder(written).write(prompt, model, origin);
        assertEquals(
                Files.readString(saved.resolve("adapter_config.json")),
                Files.readString(written.resolve("adapter_config.json")));
        Parameters theirs =
                new MultitaskFolder(saved).read(model.config(), manager).parameters();
        Parameters ours =
                new MultitaskFolder(written).read(model.config(), manager).parameters();
        theirs.tensors()
                .forEach((name, tensor) ->
                        assertArrayEquals(tensor.toFloatArray(), ours.get(name).toFloatArray(), 1e-3f, name));
        try (Autograd off = Autograd.off()) {
            float[] third = new TuningFolder(written.resolve("tasks/three"))
                    .read(model, manager)
                    .prompt()
                    .orElseThrow()
                    .promptEmbeddings()
                    .toFloatArray();
            assertArrayEquals(prompt.ofTask(2).promptEmbeddings().toFloatArray(), third);
        }
    }

    private static void assertGenerates(GoldenCase golden, CausalLM model, CausalTuning causal) {
        for (JsonNode sample : golden.json().get("generate_greedy")) {
            long[] expected = longs(sample.get("new_tokens"));
            try (KeyValues prefix = causal.prefix(sample.get("task").asInt());
                    CausalSession session = new CausalSession(model, prefix)) {
                GenerationSettings greedy =
                        GenerationSettings.greedy(expected.length).withMinNewTokens(expected.length);
                assertArrayEquals(
                        expected,
                        Generator.generate(session, longs(sample.get("input_ids")), greedy)
                                .tokens());
            }
        }
    }

    private static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    private static long[] longs(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .toArray();
    }
}
