package dev.prompttuning.training.job;

import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.tuning.Task;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.training.batch.LanePlanner;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.training.data.RowReader;
import dev.prompttuning.training.metric.CausalEvaluator;
import dev.prompttuning.training.metric.EvaluationResult;
import dev.prompttuning.training.metric.Evaluator;
import dev.prompttuning.training.metric.GreedyAnswers;
import dev.prompttuning.training.metric.WrittenEvaluator;
import dev.prompttuning.training.objective.CausalObjective;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tunes a causal language model. */
record CausalWork(TrainConfig config) implements TaskWork<EncodedRow> {

    @Override
    public RowReader<EncodedRow> reader(Tokenizer tokenizer) {
        return RowReaders.causal(config.dataset(), tokenizer);
    }

    @Override
    public Work start(Base base, TrainingData<EncodedRow> data) {
        CausalLM model = LoadedModels.forTraining(base.folder(), base.manager(), config);
        int tasks = config.dataset().tasks() == null
                ? 0
                : config.dataset().tasks().names().size();
        Methods.Made method =
                new Methods(model, base.tokenizer(), config.training().seed(), tasks).make(config.method());
        CausalTuning tuning =
                new CausalTuning(model, method.tuning(), config.training().gradientCheckpointing());
        LanePlanner planner = planner(tuning, model);
        boolean writeAnswers = config.training().metric().needsGeneration(Task.CAUSAL_LM);
        Optional<Evaluator> evaluator = data.evaluation().isEmpty()
                ? Optional.empty()
                : Optional.of(evaluator(tuning, base.tokenizer(), data.evaluation(), writeAnswers));
        return new Work(model, method, new CausalObjective(tuning, planner, data.train()), evaluator, Map.of());
    }

    private Evaluator evaluator(CausalTuning tuning, Tokenizer tokenizer, List<EncodedRow> rows, boolean writeAnswers) {
        int batchSize = config.training().batchSize();
        Evaluator scoring = new CausalEvaluator(tuning, planner(tuning, tuning.model()), rows, batchSize);
        return writeAnswers
                ? new WrittenEvaluator(
                        scoring,
                        new GreedyAnswers(
                                tuning,
                                ids -> tokenizer.decode(ids, true),
                                rows,
                                batchSize,
                                config.training().maxNewTokens()))
                : scoring;
    }

    private static LanePlanner planner(CausalTuning tuning, CausalLM model) {
        return LanePlanner.forHiddenSize(
                tuning.numVirtualTokens(), model.config().hiddenSize());
    }

    @Override
    public EvaluationResult evaluate(
            Base base, Optional<TuningFolder> adapter, List<EncodedRow> rows, boolean writeAnswers) {
        try (CausalLM model = LoadedModels.forEvaluation(base.folder(), base.manager(), config)) {
            CausalTuning tuning = adapter.map(
                            saved -> new CausalTuning(model, saved.read(model, model.manager()), false))
                    .orElseGet(() -> CausalTuning.untuned(model));
            return evaluator(tuning, base.tokenizer(), rows, writeAnswers).evaluate();
        }
    }
}
