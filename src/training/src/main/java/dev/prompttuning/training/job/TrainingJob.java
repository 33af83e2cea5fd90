package dev.prompttuning.training.job;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.contract.TrainResult;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.peft.method.SoftPrompt;
import dev.prompttuning.training.StopRequest;
import dev.prompttuning.training.Trainer;
import dev.prompttuning.training.TrainingResult;
import dev.prompttuning.training.TrainingSettings;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.checkpoint.CheckpointStore;
import dev.prompttuning.training.data.Row;
import dev.prompttuning.training.progress.TrainingListener;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.memory.MemoryBudget;
import dev.prompttuning.transformers.model.LoadedModel;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
            TaskWork.Base base = new TaskWork.Base(model, tokenizer, manager);
            return run(TaskWork.of(config), base, listener, stop, start);
        } catch (IOException e) {
            throw new UncheckedIOException("The result cannot be written: " + e.getMessage(), e);
        }
    }

    private <R extends Row> Ended run(
            TaskWork<R> task, TaskWork.Base base, TrainingListener listener, StopRequest stop, long start)
            throws IOException {
        TrainingData<R> data = TrainingData.read(
                config.dataset(),
                task.reader(base.tokenizer()),
                config.training().seed(),
                DataSources.of(config, surroundings, new DownloadLog(log)));
        data.lines(config.dataset().maxLength()).forEach(log);
        if (!device.isGpu()) {
            TrainingMemory.check(MemoryBudget.ofProcess(), base.folder(), config, data);
        }
        try (Work work = task.start(base, data)) {
            return train(new Parts(base, work, data), listener, stop, start);
        }
    }

    private record Parts(TaskWork.Base base, Work work, TrainingData<?> data) {}

    private Ended train(Parts parts, TrainingListener listener, StopRequest stop, long start) throws IOException {
        ResultFolder target =
                new ResultFolder(surroundings.resolve().apply(config.output().path()));
        Work work = parts.work();
        checkLength(work.model(), work.numVirtualTokens());
        target.restoreCheckpoint();
        TrainingResult training = new Trainer(
                        settings(),
                        new Trainer.Setup(
                                work.objective(),
                                work.parameters(),
                                parts.base().manager(),
                                work.allParameters(),
                                fingerprint(parts),
                                work.evaluator(),
                                Optional.of(new CheckpointStore(
                                        target.checkpoints(), config.training().checkpointKeep())),
                                listener,
                                stop))
                .train();
        if (training.outcome() == TrainingResult.Outcome.INTERRUPTED) {
            return new Ended(training, Optional.empty());
        }
        write(parts, target, training);
        return new Ended(training, Optional.of(result(work, target, training, start)));
    }

    private TrainingSettings settings() {
        TrainingSettings settings = JobSettings.of(config.training());
        return inOrder ? settings.inOrder() : settings;
    }

    private void checkLength(LoadedModel model, int numVirtualTokens) {
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

    /** What decides the outcome besides the loop's own settings. */
    private String fingerprint(Parts parts) {
        return String.join(
                "\n",
                parts.base().folder().digest(),
                parts.data().digest(),
                parts.data().evaluationDigest().orElse("none"),
                config.method().toString(),
                config.dataset().toString(),
                String.valueOf(config.task()),
                config.labels().toString(),
                LoadedModels.precision(config).toString());
    }

    private void write(Parts parts, ResultFolder target, TrainingResult training) throws IOException {
        Provenance provenance = new Provenance(
                1,
                new Provenance.BaseModel(
                        config.baseModel().name(),
                        config.baseModel().revision(),
                        parts.base().folder().digest()),
                config,
                parts.data().digest(),
                Versions.all(),
                training.bestStep(),
                training.losses().get(training.losses().size() - 1),
                training.metrics());
        Work work = parts.work();
        if (work.isFull()) {
            target.write(work.model(), parts.base().folder(), work.configChanges(), provenance);
        } else {
            TuningFolder.Origin origin = new TuningFolder.Origin(
                    config.baseModel().name(),
                    Optional.ofNullable(config.baseModel().revision()),
                    work.method().init(),
                    tasks());
            target.write(work.tuning(), work.model(), origin, provenance);
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

    private TrainResult result(Work work, ResultFolder target, TrainingResult training, long start) throws IOException {
        TuningFolder adapter = new TuningFolder(target.path());
        Path weights = target.path().resolve("model.safetensors");
        return new TrainResult(
                config.output().path(),
                work.isFull() ? modelDigest(target.path()) : adapter.digest(),
                config.method().label(),
                work.tuning().prompt().map(SoftPrompt::numVirtualTokens).orElse(null),
                work.tuning().parameters().count(),
                work.allParameters(),
                work.isFull() ? Files.size(weights) : adapter.bytes(),
                training.metrics(),
                training.steps(),
                (System.nanoTime() - start) / 1e9);
    }
}
