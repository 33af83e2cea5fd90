package dev.prompttuning.training.job;

import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.training.batch.LanePlanner;
import dev.prompttuning.training.data.Columns;
import dev.prompttuning.training.data.RowReader;
import dev.prompttuning.training.metric.EvaluationResult;
import dev.prompttuning.training.metric.Evaluator;
import dev.prompttuning.training.objective.CausalObjective;
import dev.prompttuning.training.verbalizer.VerbalizedEvaluator;
import dev.prompttuning.training.verbalizer.VerbalizedReader;
import dev.prompttuning.training.verbalizer.VerbalizedRow;
import dev.prompttuning.training.verbalizer.Verbalizer;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tunes a causal language model to tell labels by the words for them. */
record VerbalizedWork(TrainConfig config) implements TaskWork<VerbalizedRow> {

    @Override
    public RowReader<VerbalizedRow> reader(Tokenizer tokenizer) {
        return new VerbalizedReader(
                verbalizer(tokenizer), new Columns(config.dataset().columns()));
    }

    private Verbalizer verbalizer(Tokenizer tokenizer) {
        TrainConfig.Data data = config.dataset();
        return new Verbalizer(
                RowReaders.encoder(data, tokenizer), config.labels(), data.templates(), data.verbalizers());
    }

    @Override
    public Work start(Base base, TrainingData<VerbalizedRow> data) {
        CausalLM model = LoadedModels.forTraining(base.folder(), base.manager(), config);
        Methods.Made method =
                new Methods(model, base.tokenizer(), config.training().seed(), 0).make(config.method());
        CausalTuning tuning =
                new CausalTuning(model, method.tuning(), config.training().gradientCheckpointing());
        Verbalizer verbalizer = verbalizer(base.tokenizer());
        Optional<Evaluator> evaluator = data.evaluation().isEmpty()
                ? Optional.empty()
                : Optional.of(evaluator(tuning, verbalizer, data.evaluation()));
        return new Work(
                model,
                method,
                new CausalObjective(tuning, planner(tuning), verbalizer.learned(data.train())),
                evaluator,
                Map.of());
    }

    private Evaluator evaluator(CausalTuning tuning, Verbalizer verbalizer, List<VerbalizedRow> rows) {
        return new VerbalizedEvaluator(
                tuning, planner(tuning), verbalizer, rows, config.training().batchSize());
    }

    private static LanePlanner planner(CausalTuning tuning) {
        return LanePlanner.forHiddenSize(
                tuning.numVirtualTokens(), tuning.model().config().hiddenSize());
    }

    @Override
    public EvaluationResult evaluate(
            Base base, Optional<TuningFolder> adapter, List<VerbalizedRow> rows, boolean writeAnswers) {
        try (CausalLM model = LoadedModels.forEvaluation(base.folder(), base.manager(), config)) {
            CausalTuning tuning = adapter.map(
                            saved -> new CausalTuning(model, saved.read(model, model.manager()), false))
                    .orElseGet(() -> CausalTuning.untuned(model));
            return evaluator(tuning, verbalizer(base.tokenizer()), rows).evaluate();
        }
    }
}
