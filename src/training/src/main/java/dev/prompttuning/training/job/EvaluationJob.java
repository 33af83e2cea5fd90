package dev.prompttuning.training.job;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.peft.adapter.Adapter;
import dev.prompttuning.peft.adapter.AdapterFolder;
import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.peft.method.FullFineTuning;
import dev.prompttuning.peft.method.Parameters;
import dev.prompttuning.peft.method.SoftPrompts;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.batch.LanePlanner;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.training.metric.EvaluationResult;
import dev.prompttuning.training.metric.Evaluator;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.hub.DownloadProgress;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        Path base = new ModelSources(surroundings, DownloadProgress.NONE).folder(config.baseModel());
        Optional<Path> adapter = made.filter(EvaluationJob::isAdapter);
        Path folder = adapter.isPresent() ? base : made.orElse(base);
        try (ModelFolder model = ModelFolder.open(folder);
                Tokenizer tokenizer = Tokenizer.load(folder);
                NDManager manager = NDManager.newBaseManager(device, "PyTorch");
                CausalLM lm = LoadedModels.forEvaluation(model, manager, config)) {
            List<EncodedRow> rows = TrainingData.evaluationRows(
                    config.dataset(), tokenizer, config.training().seed(), surroundings.resolve());
            Tuning tuning =
                    adapter.map(path -> tuning(path, lm)).orElseGet(() -> new FullFineTuning(new Parameters(Map.of())));
            CausalTuning causal = new CausalTuning(lm, tuning, false);
            LanePlanner planner = LanePlanner.forHiddenSize(
                    causal.numVirtualTokens(), lm.config().hiddenSize());
            return new Evaluator(causal, planner, rows, config.training().batchSize()).evaluate(true);
        }
    }

    private static boolean isAdapter(Path folder) {
        return Files.exists(folder.resolve(AdapterFolder.CONFIG));
    }

    /** Whatever made an adapter's rows, they are used as prompt tuning's or as prefix tuning's. */
    private static Tuning tuning(Path folder, CausalLM model) {
        Adapter adapter = new AdapterFolder(folder).read(model.config(), model.manager());
        SoftPrompts prompts = new SoftPrompts(model.config(), model.manager(), 0);
        try (NDArray rows = adapter.promptEmbeddings()) {
            return adapter.config().peftType().isKeyValues() ? prompts.prefixTuning(rows) : prompts.promptTuning(rows);
        }
    }
}
