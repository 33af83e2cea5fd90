package dev.prompttuning.training.job;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.contract.TrainResult;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.peft.method.FullFineTuning;
import dev.prompttuning.peft.method.SoftPrompt;
import dev.prompttuning.training.StopRequest;
import dev.prompttuning.training.Trainer;
import dev.prompttuning.training.TrainingResult;
import dev.prompttuning.training.TrainingSettings;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.batch.LanePlanner;
import dev.prompttuning.training.checkpoint.CheckpointStore;
import dev.prompttuning.training.metric.CausalEvaluator;
import dev.prompttuning.training.metric.Evaluator;
import dev.prompttuning.training.objective.CausalObjective;
import dev.prompttuning.training.progress.TrainingListener;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.memory.MemoryBudget;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A job from its configuration to its result folder. Run again after an interruption, it goes on from its last checkpoint and
 * ends with the same result.
 */
public final class TrainingJob {

    private final TrainConfig config;
    private final Surroundings surroundings;
    private final Device device;
    private final Consumer<String> log;
    private final boolean inOrder;

    /** @param log takes one line at a time, for people */
    public TrainingJob(TrainConfig config, Surroundings surroundings, Device device, Consumer<String> log) {
        this(config, surroundings, device, log, false);
    }

    private TrainingJob(
            TrainConfig config, Surroundings surroundings, Device device, Consumer<String> log, boolean inOrder) {
        this.config = config;
        this.surroundings = surroundings;
        this.device = device;
        this.log = log;
        this.inOrder = inOrder;
    }

    /** The same job with rows taken as they come, neither shuffled nor grouped, to compare it with another trainer. */
    public TrainingJob inOrder() {
        return new TrainingJob(config, surroundings, device, log, true);
    }

    /**
     * @param training how the training went
     * @param result what goes into the termination message; empty when the training was interrupted
     */
    public record Ended(TrainingResult training, Optional<TrainResult> result) {}

    /**
     * @throws UserMistakeException when the configuration cannot be followed, with the remedy
     * @throws dev.prompttuning.transformers.memory.TooLittleMemoryException when the job cannot fit into this process' memory
     */
    public Ended run(TrainingListener listener, StopRequest stop) {
        long start = System.nanoTime();
        Path folder = new ModelSources(surroundings, new DownloadLog(log)).folder(config.baseModel());
        try (ModelFolder model = ModelFolder.open(folder);
                Tokenizer tokenizer = Tokenizer.load(folder);
                NDManager manager = NDManager.newBaseManager(device, "PyTorch")) {
            TrainingData data = TrainingData.read(
                    config.dataset(), tokenizer, config.training().seed(), surroundings.resolve());
            data.lines(config.dataset().maxLength()).forEach(log);
            if (!device.isGpu()) {
                TrainingMemory.check(MemoryBudget.ofProcess(), model, config, data);
            }
            try (CausalLM lm = LoadedModels.forTraining(model, manager, config)) {
                Methods.Made method =
                        new Methods(lm, tokenizer, config.training().seed(), tasks().size()).make(config.method());
                return train(new Parts(model, lm, manager, method, data), listener, stop, start);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The result cannot be written: " + e.getMessage(), e);
        }
    }

    private record Parts(
            ModelFolder folder, CausalLM model, NDManager manager, Methods.Made method, TrainingData data) {

        Map<String, NDArray> parameters() {
            return method.tuning().parameters().tensors();
        }

        long allParameters() {
            return model.parameterCount()
                    + (isFull() ? 0 : method.tuning().parameters().count());
        }

        boolean isFull() {
            return method.tuning() instanceof FullFineTuning;
        }
    }

    private Ended train(Parts parts, TrainingListener listener, StopRequest stop, long start) throws IOException {
        ResultFolder target =
                new ResultFolder(surroundings.resolve().apply(config.output().path()));
        CausalTuning tuning = new CausalTuning(
                parts.model(), parts.method().tuning(), config.training().gradientCheckpointing());
        checkLength(parts.model(), tuning.numVirtualTokens());
        target.restoreCheckpoint();
        LanePlanner planner = LanePlanner.forHiddenSize(
                tuning.numVirtualTokens(), parts.model().config().hiddenSize());
        TrainingResult training = new Trainer(
                        settings(),
                        new Trainer.Setup(
                                new CausalObjective(
                                        tuning, planner, parts.data().train()),
                                parts.parameters(),
                                parts.manager(),
                                parts.allParameters(),
                                fingerprint(parts),
                                evaluator(parts, tuning, planner),
                                Optional.of(new CheckpointStore(
                                        target.checkpoints(), config.training().checkpointKeep())),
                                listener,
                                stop))
                .train();
        if (training.outcome() == TrainingResult.Outcome.INTERRUPTED) {
            return new Ended(training, Optional.empty());
        }
        write(parts, target, training);
        return new Ended(training, Optional.of(result(parts, target, training, start)));
    }

    private TrainingSettings settings() {
        TrainingSettings settings = JobSettings.of(config.training());
        return inOrder ? settings.inOrder() : settings;
    }

    private void checkLength(CausalLM model, int numVirtualTokens) {
        int longest = numVirtualTokens + config.dataset().maxLength();
        if (longest > model.config().maxPositions()) {
            throw new UserMistakeException(
                    "dataset.maxLength is %d, which with %d virtual tokens exceeds the %d positions of the base model; lower it to %d."
                            .formatted(
                                    config.dataset().maxLength(),
                                    numVirtualTokens,
                                    model.config().maxPositions(),
                                    model.config().maxPositions() - numVirtualTokens));
        }
    }

    private Optional<Evaluator> evaluator(Parts parts, CausalTuning tuning, LanePlanner planner) {
        return parts.data().evaluation().isEmpty()
                ? Optional.empty()
                : Optional.of(new CausalEvaluator(
                        tuning,
                        planner,
                        parts.data().evaluation(),
                        config.training().batchSize()));
    }

    /** What decides the outcome besides the loop's own settings. */
    private String fingerprint(Parts parts) {
        return String.join(
                "\n",
                parts.folder().digest(),
                parts.data().digest(),
                parts.data().evaluationDigest().orElse("none"),
                config.method().toString(),
                config.dataset().toString());
    }

    private void write(Parts parts, ResultFolder target, TrainingResult training) throws IOException {
        Provenance provenance = new Provenance(
                1,
                new Provenance.BaseModel(
                        config.baseModel().name(),
                        config.baseModel().revision(),
                        parts.folder().digest()),
                config,
                parts.data().digest(),
                Versions.all(),
                training.bestStep(),
                training.losses().get(training.losses().size() - 1),
                training.metrics());
        if (parts.isFull()) {
            target.write(parts.model(), parts.folder(), provenance);
        } else {
            TuningFolder.Origin origin = new TuningFolder.Origin(
                    config.baseModel().name(),
                    Optional.ofNullable(config.baseModel().revision()),
                    parts.method().init(),
                    tasks());
            target.write(parts.method().tuning(), parts.model(), origin, provenance);
        }
    }

    private List<String> tasks() {
        return config.dataset().tasks() == null
                ? List.of()
                : config.dataset().tasks().names();
    }

    private static String modelDigest(Path path) {
        try (ModelFolder model = ModelFolder.open(path)) {
            return model.digest();
        }
    }

    private TrainResult result(Parts parts, ResultFolder target, TrainingResult training, long start)
            throws IOException {
        TuningFolder adapter = new TuningFolder(target.path());
        Path weights = target.path().resolve("model.safetensors");
        return new TrainResult(
                config.output().path(),
                parts.isFull() ? modelDigest(target.path()) : adapter.digest(),
                config.method().label(),
                parts.method()
                        .tuning()
                        .prompt()
                        .map(SoftPrompt::numVirtualTokens)
                        .orElse(null),
                parts.method().tuning().parameters().count(),
                parts.allParameters(),
                parts.isFull() ? Files.size(weights) : adapter.bytes(),
                training.metrics(),
                training.steps(),
                (System.nanoTime() - start) / 1e9);
    }
}
