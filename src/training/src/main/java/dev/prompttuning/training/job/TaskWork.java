package dev.prompttuning.training.job;

import ai.djl.ndarray.NDManager;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.tuning.DatasetFormat;
import dev.prompttuning.api.tuning.Task;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.training.data.Row;
import dev.prompttuning.training.data.RowReader;
import dev.prompttuning.training.metric.EvaluationResult;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;

/**
 * What a task asks for: how its rows are read, which model is loaded, and what is trained.
 *
 * @param <R> its rows
 */
interface TaskWork<R extends Row> {

    static TaskWork<?> of(TrainConfig config) {
        Task task = config.task() == null ? Task.CAUSAL_LM : config.task();
        return switch (task) {
            case CAUSAL_LM ->
                config.dataset().format() == DatasetFormat.LABELED
                        ? new VerbalizedWork(config)
                        : new CausalWork(config);
            case SEQUENCE_CLASSIFICATION, TOKEN_CLASSIFICATION, QUESTION_ANSWERING -> new HeadWork(config);
            case SEQ2SEQ_LM -> new Seq2SeqWork(config);
        };
    }

    RowReader<R> reader(Tokenizer tokenizer);

    /** Loads the model and makes what is trained. */
    Work start(Base base, TrainingData<R> data);

    /**
     * Evaluates an adapter, or the model as it is.
     *
     * @param writeAnswers whether a model that writes is to write its answers too, which takes longer than to score given ones
     */
    EvaluationResult evaluate(Base base, Optional<TuningFolder> adapter, List<R> rows, boolean writeAnswers);

    /**
     * What a job begins with.
     *
     * @param manager parent of the model's
     */
    record Base(ModelFolder folder, Tokenizer tokenizer, NDManager manager) {}
}
