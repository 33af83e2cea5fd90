package dev.prompttuning.training.job;

import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.tuning.Task;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.peft.seq2seq.Seq2SeqTuning;
import dev.prompttuning.training.batch.Seq2SeqBatches;
import dev.prompttuning.training.data.RowReader;
import dev.prompttuning.training.data.Seq2SeqRow;
import dev.prompttuning.training.metric.EvaluationResult;
import dev.prompttuning.training.metric.Evaluator;
import dev.prompttuning.training.metric.Seq2SeqAnswers;
import dev.prompttuning.training.metric.Seq2SeqEvaluator;
import dev.prompttuning.training.metric.WrittenEvaluator;
import dev.prompttuning.training.objective.Seq2SeqObjective;
import dev.prompttuning.transformers.seq2seq.Seq2SeqLM;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tunes a model that reads with an encoder and writes with a decoder. */
record Seq2SeqWork(TrainConfig config) implements TaskWork<Seq2SeqRow> {

    @Override
    public RowReader<Seq2SeqRow> reader(Tokenizer tokenizer) {
        return RowReaders.seq2seq(config.dataset(), tokenizer);
    }

    @Override
    public Work start(Base base, TrainingData<Seq2SeqRow> data) {
        Seq2SeqLM model = LoadedModels.seq2seq(base.folder(), base.manager(), config);
        Methods.Made method =
                new Methods(model, base.tokenizer(), config.training().seed(), 0).make(config.method());
        Seq2SeqTuning tuning =
                new Seq2SeqTuning(model, method.tuning(), config.training().gradientCheckpointing());
        boolean writeAnswers = config.training().metric().needsGeneration(Task.SEQ2SEQ_LM);
        Optional<Evaluator> evaluator = data.evaluation().isEmpty()
                ? Optional.empty()
                : Optional.of(evaluator(tuning, base.tokenizer(), data.evaluation(), writeAnswers));
        return new Work(
                model, method, new Seq2SeqObjective(tuning, batches(tuning), data.train()), evaluator, Map.of());
    }

    private Evaluator evaluator(
            Seq2SeqTuning tuning, Tokenizer tokenizer, List<Seq2SeqRow> rows, boolean writeAnswers) {
        int batchSize = config.training().batchSize();
        Evaluator scoring = new Seq2SeqEvaluator(tuning, batches(tuning), rows, batchSize);
        return writeAnswers
                ? new WrittenEvaluator(
                        scoring,
                        new Seq2SeqAnswers(
                                tuning,
                                ids -> tokenizer.decode(ids, true),
                                rows,
                                batchSize,
                                config.training().maxNewTokens()))
                : scoring;
    }

    private static Seq2SeqBatches batches(Seq2SeqTuning tuning) {
        return new Seq2SeqBatches(tuning.model().padToken());
    }

    @Override
    public EvaluationResult evaluate(
            Base base, Optional<TuningFolder> adapter, List<Seq2SeqRow> rows, boolean writeAnswers) {
        try (Seq2SeqLM model = LoadedModels.frozenSeq2seq(base.folder(), base.manager(), config)) {
            Seq2SeqTuning tuning = adapter.map(
                            saved -> new Seq2SeqTuning(model, saved.read(model, model.manager()), false))
                    .orElseGet(() -> Seq2SeqTuning.untuned(model));
            return evaluator(tuning, base.tokenizer(), rows, writeAnswers).evaluate();
        }
    }
}
