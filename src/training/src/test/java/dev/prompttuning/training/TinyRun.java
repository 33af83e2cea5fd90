package dev.prompttuning.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.api.tuning.Scheduler;
import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.peft.lora.LoraSettings;
import dev.prompttuning.peft.method.Loras;
import dev.prompttuning.peft.method.PTuning;
import dev.prompttuning.peft.method.Parameters;
import dev.prompttuning.peft.method.PromptEncoder;
import dev.prompttuning.peft.method.PromptTuning;
import dev.prompttuning.peft.method.PromptWithLora;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.training.batch.LanePlanner;
import dev.prompttuning.training.checkpoint.CheckpointStore;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.training.metric.CausalEvaluator;
import dev.prompttuning.training.objective.CausalObjective;
import dev.prompttuning.training.progress.TrainingListener;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.CausalModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.BiFunction;

/** A training of the tests' smallest model on made-up rows. */
final class TinyRun implements AutoCloseable {
    private static final Path MODEL =
            Path.of(System.getProperty("project.root"), "src/training/src/test/resources/golden/models/qwen3");
    static final int VIRTUAL_TOKENS = 4;

    final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final ModelFolder folder = ModelFolder.open(MODEL);
    final CausalLM model = CausalModels.load(folder, manager);
    final Tuning tuning;
    final List<EncodedRow> rows = rows(40, 5);
    final StopRequest stop = new StopRequest();
    boolean recompute;

    private TinyRun(BiFunction<CausalLM, Parameters, Tuning> method, Map<String, Shape> shapes) {
        Random random = new Random(11);
        Map<String, NDArray> values = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> {
            float[] numbers = new float[(int) shape.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (float) random.nextGaussian() / 5;
            }
            values.put(name, manager.create(numbers, shape));
        });
        tuning = method.apply(model, Parameters.copied(values, manager));
    }

    private static Map<String, Shape> prompt() {
        return Map.of(PromptTuning.EMBEDDING, new Shape(VIRTUAL_TOKENS, 32));
    }

    static TinyRun promptTuning() {
        return new TinyRun((model, parameters) -> new PromptTuning(parameters), prompt());
    }

    /** P-tuning whose encoder draws random numbers in every step. */
    static TinyRun lstmWithDropout() {
        PromptEncoder encoder = new PromptEncoder.Lstm(16, 2, 0.3);
        Map<String, Shape> shapes = new LinkedHashMap<>(prompt());
        shapes.putAll(encoder.shapes(32));
        return new TinyRun((model, parameters) -> new PTuning(parameters, encoder), shapes);
    }

    /** A prompt and additions, whose layers draw random numbers and run twice in every step. */
    static TinyRun promptWithLora() {
        LoraSettings settings = new LoraSettings(3, 6, 0.3, false, List.of("all-linear"));
        TinyRun run = new TinyRun(
                (model, parameters) -> new PromptWithLora(
                        new PromptTuning(parameters), new Loras(model.linears(), model.manager(), 5).lora(settings)),
                prompt());
        run.recompute = true;
        return run;
    }

    static List<EncodedRow> rows(int count, long seed) {
        Random random = new Random(seed);
        List<EncodedRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] tokens = random.ints(6 + random.nextInt(12), 3, 480).toArray();
            tokens[tokens.length - 2] = tokens[0] % 2 == 0 ? 100 : 200;
            tokens[tokens.length - 1] = 2;
            rows.add(new EncodedRow(tokens, tokens.length - 2, tokens.length - 2, EncodedRow.Cut.NOTHING));
        }
        return rows;
    }

    static TrainingSettings settings(int steps) {
        return new TrainingSettings(
                new TrainingSettings.Batches(0, OptionalInt.of(steps), 4, 2, true),
                new TrainingSettings.Optimization(0.03, Scheduler.LINEAR, 2, 0.01, 1),
                TrainingSettings.Evaluation.PLAIN,
                new TrainingSettings.Checkpoints(1, 2),
                17);
    }

    TrainingResult train(
            TrainingSettings settings,
            Optional<List<EncodedRow>> evaluation,
            Optional<CheckpointStore> checkpoints,
            TrainingListener listener) {
        CausalTuning causal = new CausalTuning(model, tuning, recompute);
        LanePlanner planner = LanePlanner.forHiddenSize(causal.numVirtualTokens(), 32);
        return new Trainer(
                        settings,
                        new Trainer.Setup(
                                new CausalObjective(causal, planner, rows),
                                tuning.parameters().tensors(),
                                manager,
                                model.parameterCount() + tuning.parameters().count(),
                                "tiny",
                                evaluation.map(held -> new CausalEvaluator(causal, planner, held, 4)),
                                checkpoints,
                                listener,
                                stop))
                .train();
    }

    TrainingResult train(TrainingSettings settings) {
        return train(settings, Optional.empty(), Optional.empty(), event -> {});
    }

    float[] parameter() {
        return tuning.parameters().get(PromptTuning.EMBEDDING).toFloatArray();
    }

    @Override
    public void close() {
        model.close();
        folder.close();
        manager.close();
    }
}
