package dev.prompttuning.training.job;

import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.data.Dataset;
import dev.prompttuning.training.data.DatasetReport;
import dev.prompttuning.training.data.Row;
import dev.prompttuning.training.data.RowReader;
import dev.prompttuning.training.data.store.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a job.
 *
 * @param evaluation empty for none
 * @param reports one for each data set that was read
 * @param digest of the training data
 * @param evaluationDigest of the evaluation data, where it has files of its own
 */
public record TrainingData<R extends Row>(
        List<R> train,
        List<R> evaluation,
        List<DatasetReport> reports,
        String digest,
        Optional<String> evaluationDigest) {

    /** @throws UserMistakeException when a data set cannot be read or has no usable row */
    static <R extends Row> TrainingData<R> read(
            TrainConfig.Data config, RowReader<R> reader, long seed, DataSources sources) {
        if (config.evaluation() != null) {
            Dataset<R> train =
                    Dataset.read(sources.train(config.train()), reader.forTraining(), sources.storage(config));
            Dataset<R> evaluation =
                    Dataset.read(sources.evaluation(config.evaluation()), reader, sources.storage(config));
            return new TrainingData<>(
                    train.rows(),
                    evaluation.rows(),
                    List.of(train.report(), evaluation.report()),
                    train.digest(),
                    Optional.of(evaluation.digest()));
        }
        Dataset<R> train = Dataset.read(sources.train(config.train()), reader, sources.storage(config));
        if (config.evaluationSplit() != null && config.evaluationSplit() > 0) {
            Dataset.Split<R> split = train.split(config.evaluationSplit(), seed);
            return new TrainingData<>(
                    Rows.map(split.train(), reader::forTraining),
                    split.evaluation(),
                    List.of(train.report()),
                    train.digest(),
                    Optional.empty());
        }
        List<R> rows = Rows.map(train.rows(), reader::forTraining);
        return new TrainingData<>(rows, List.of(), List.of(train.report()), train.digest(), Optional.empty());
    }

    /** The rows to evaluate on, for an evaluation on its own. */
    static <R extends Row> List<R> evaluationRows(
            TrainConfig.Data config, RowReader<R> reader, long seed, DataSources sources) {
        if (config.evaluation() != null) {
            return Dataset.read(sources.evaluation(config.evaluation()), reader, sources.storage(config))
                    .rows();
        }
        if (config.evaluationSplit() == null) {
            throw new UserMistakeException(
                    "dataset.evaluation is not set, so there is nothing to evaluate on; set it, or dataset.evaluationSplit.");
        }
        return read(config, reader, seed, sources).evaluation();
    }

    /** What is to be said of the data, a line each. */
    public List<String> lines(int maxLength) {
        List<String> lines = new ArrayList<>();
        reports.forEach(report -> lines.addAll(report.lines(maxLength)));
        return lines;
    }
}
