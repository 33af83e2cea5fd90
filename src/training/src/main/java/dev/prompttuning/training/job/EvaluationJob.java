package dev.prompttuning.training.job;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.tuning.Task;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.data.Row;
import dev.prompttuning.training.metric.EvaluationResult;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.hub.DownloadProgress;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Evaluates what a job has made, or the bare base model, on the job's evaluation rows. */
public final class EvaluationJob {

    private final TrainConfig config;
    private final Surroundings surroundings;
    private final Device device;

    public EvaluationJob(TrainConfig config, Surroundings surroundings, Device device) {
        this.config = config;
        this.surroundings = surroundings;
        this.device = device;
    }

    /**
     * @param made an adapter's folder, or, of full fine-tuning, a model's; empty for the base model
     * @throws UserMistakeException when there are no evaluation rows
     */
    public EvaluationResult run(Optional<Path> made) {
        return run(made, false);
    }

    /**
     * As {@link #run(Optional)}.
     *
     * @param writeAnswers whether a model that writes is to write its answers too, which takes longer than to score given ones; it
     *     does so in any case where the job's metric needs it
     */
    public EvaluationResult run(Optional<Path> made, boolean writeAnswers) {
        Path base = new ModelSources(surroundings, DownloadProgress.NONE).folder(config.baseModel());
        Optional<TuningFolder> adapter = made.map(TuningFolder::new).filter(TuningFolder::exists);
        Path folder = adapter.isPresent() ? base : made.orElse(base);
        try (ModelFolder model = ModelFolder.open(folder);
                Tokenizer tokenizer = Tokenizer.load(folder);
                NDManager manager = NDManager.newBaseManager(device, "PyTorch")) {
            TaskWork.Base opened = new TaskWork.Base(model, tokenizer, manager);
            return evaluate(TaskWork.of(config), opened, adapter, writeAnswers || metricNeedsAnswers());
        }
    }

    private <R extends Row> EvaluationResult evaluate(
            TaskWork<R> task, TaskWork.Base base, Optional<TuningFolder> adapter, boolean writeAnswers) {
        List<R> rows = TrainingData.evaluationRows(
                config.dataset(),
                task.reader(base.tokenizer()),
                config.training().seed(),
                DataSources.of(config, surroundings, DownloadProgress.NONE));
        return task.evaluate(base, adapter, rows, writeAnswers);
    }

    private boolean metricNeedsAnswers() {
        Task task = config.task() == null ? Task.CAUSAL_LM : config.task();
        return config.training().metric().needsGeneration(task);
    }
}
