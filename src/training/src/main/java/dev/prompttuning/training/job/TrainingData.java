package dev.prompttuning.training.job;

import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.tuning.DatasetFormat;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.data.Columns;
import dev.prompttuning.training.data.Dataset;
import dev.prompttuning.training.data.DatasetReport;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.training.data.RowEncoder;
import dev.prompttuning.training.data.RowFormat;
import dev.prompttuning.training.data.TaskColumn;
import dev.prompttuning.training.data.Template;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The rows of a job.
 *
 * @param evaluation empty for none
 * @param reports one for each data set that was read
 * @param digest of the training data
 * @param evaluationDigest of the evaluation data, where it has files of its own
 */
public record TrainingData(
        List<EncodedRow> train,
        List<EncodedRow> evaluation,
        List<DatasetReport> reports,
        String digest,
        Optional<String> evaluationDigest) {

    /** @throws UserMistakeException when a data set cannot be read or has no usable row */
    static TrainingData read(TrainConfig.Data config, Tokenizer tokenizer, long seed, Function<String, Path> resolve) {
        Dataset train = dataset(config.train(), config, tokenizer, resolve);
        if (config.evaluation() != null) {
            Dataset evaluation = dataset(config.evaluation(), config, tokenizer, resolve);
            return new TrainingData(
                    train.rows(),
                    evaluation.rows(),
                    List.of(train.report(), evaluation.report()),
                    train.digest(),
                    Optional.of(evaluation.digest()));
        }
        if (config.evaluationSplit() != null && config.evaluationSplit() > 0) {
            Dataset.Split split = train.split(config.evaluationSplit(), seed);
            return new TrainingData(
                    split.train(), split.evaluation(), List.of(train.report()), train.digest(), Optional.empty());
        }
        return new TrainingData(train.rows(), List.of(), List.of(train.report()), train.digest(), Optional.empty());
    }

    /** The rows to evaluate on, for an evaluation on its own. */
    static List<EncodedRow> evaluationRows(
            TrainConfig.Data config, Tokenizer tokenizer, long seed, Function<String, Path> resolve) {
        if (config.evaluation() != null) {
            return dataset(config.evaluation(), config, tokenizer, resolve).rows();
        }
        if (config.evaluationSplit() == null) {
            throw new UserMistakeException(
                    "dataset.evaluation is not set, so there is nothing to evaluate on; set it, or dataset.evaluationSplit.");
        }
        return read(config, tokenizer, seed, resolve).evaluation();
    }

    private static Dataset dataset(
            TrainConfig.DataLocation location,
            TrainConfig.Data config,
            Tokenizer tokenizer,
            Function<String, Path> resolve) {
        if (location.path() == null) {
            throw new UserMistakeException(
                    "dataset %s is to be downloaded, which this version cannot do; put it on a claim or into a ConfigMap."
                            .formatted(location.name()));
        }
        long end = tokenizer
                .eosTokenId()
                .orElseThrow(() -> new UserMistakeException(
                        "The base model's tokenizer names no end token; set eos_token in its tokenizer_config.json."));
        RowEncoder encoder = new RowEncoder(tokenizer::encode, end, config.maxLength(), config.trainOnPrompt());
        TaskColumn tasks = config.tasks() == null
                ? TaskColumn.NONE
                : new TaskColumn(config.tasks().column(), config.tasks().names());
        return Dataset.read(List.of(resolve.apply(location.path())), format(config), encoder, tasks);
    }

    private static RowFormat format(TrainConfig.Data config) {
        Columns columns = new Columns(config.columns());
        Optional<dev.prompttuning.api.tuning.Template> given = Optional.ofNullable(config.template());
        DatasetFormat format = config.format();
        return switch (format) {
            case ALPACA ->
                new RowFormat.Alpaca(
                        given.map(template -> Template.alpaca(
                                template.prompt(),
                                Optional.ofNullable(template.promptWithoutInput()),
                                Optional.ofNullable(template.answer()))),
                        columns);
            case PROMPT_COMPLETION ->
                new RowFormat.PromptCompletion(
                        given.map(template ->
                                Template.promptCompletion(template.prompt(), Optional.ofNullable(template.answer()))),
                        columns);
            case TEXT -> new RowFormat.Text(columns);
            default ->
                throw new UserMistakeException(
                        "dataset.format %s is not supported by this version; use Alpaca, PromptCompletion or Text."
                                .formatted(format));
        };
    }

    /** What is to be said of the data, a line each. */
    public List<String> lines(int maxLength) {
        List<String> lines = new ArrayList<>();
        reports.forEach(report -> lines.addAll(report.lines(maxLength)));
        return lines;
    }
}
