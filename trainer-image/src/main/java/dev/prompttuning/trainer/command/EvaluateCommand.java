package dev.prompttuning.trainer.command;

import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.tuning.DatasetFormat;
import dev.prompttuning.api.tuning.EvaluationMetric;
import dev.prompttuning.api.tuning.Task;
import dev.prompttuning.trainer.evaluate.EvaluationReport;
import dev.prompttuning.trainer.evaluate.EvaluationTable;
import dev.prompttuning.trainer.evaluate.PredictionsFile;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.job.EvaluationJob;
import dev.prompttuning.training.metric.EvaluationResult;
import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures an adapter, or the bare base model, on a job's evaluation rows. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = 2,
        description = "Measures what a job has made, or the bare base model, on the job's evaluation rows.",
        footer = {
            "",
            "  trainer evaluate -f job.yaml --volume models=./models --adapter adapters/mine --predictions said.jsonl"
        })
public final class EvaluateCommand implements Callable<Integer> {
    @Mixin
    JobSource job;

    @Mixin
    DeviceOption device;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "What the job has made. Default: the bare base model.")
    Path adapter;

    @Option(
            names = "--metric",
            paramLabel = "METRIC",
            description =
                    "Asks for a metric of answers that a language model writes, which takes longer than to score given"
                            + " ones: Bleu, Rouge1, Rouge2, RougeL, AnswerF1 or AnswerExactMatch. May be given several"
                            + " times. The other metrics of the task come in any case.")
    List<EvaluationMetric> metrics = List.of();

    @Option(names = "--result", paramLabel = "FILE", description = "Writes metrics and confusion matrix as JSON.")
    Path resultFile;

    @Option(
            names = "--predictions",
            paramLabel = "FILE",
            description = "Writes a line of JSON for each row: input, gold, predicted and confidence.")
    Path predictionsFile;

    @Spec
    CommandSpec spec;

    private final PodPaths paths;

    @Inject
    EvaluateCommand(PodPaths paths) {
        this.paths = paths;
    }

    @Override
    public Integer call() {
        if (adapter != null && !Files.isDirectory(adapter)) {
            throw new UserMistakeException(
                    "--adapter " + adapter + ": there is no such folder; name an adapter's folder.");
        }
        TrainConfig config = job.config(paths);
        EvaluationResult result = new EvaluationJob(config, job.surroundings(paths), device.start())
                .run(Optional.ofNullable(adapter), writesAnswers(config));
        EvaluationReport report = EvaluationReport.of(result);
        PrintWriter out = spec.commandLine().getOut();
        out.print(EvaluationTable.of(report));
        out.flush();
        if (resultFile != null) {
            report.write(resultFile);
        }
        if (predictionsFile != null) {
            new PredictionsFile(predictionsFile).write(result.predictions());
        }
        return 0;
    }

    private boolean writesAnswers(TrainConfig config) {
        Task task = config.task() == null ? Task.CAUSAL_LM : config.task();
        for (EvaluationMetric metric : metrics) {
            if (!metric.fits(task)) {
                throw new UserMistakeException("--metric %s does not go with task %s; use one of %s."
                        .formatted(
                                metric,
                                task.label(),
                                Arrays.stream(EvaluationMetric.values())
                                        .filter(other -> other.fits(task))
                                        .map(EvaluationMetric::label)
                                        .collect(Collectors.joining(", "))));
            }
        }
        boolean wanted = predictionsFile != null || metrics.stream().anyMatch(metric -> metric.needsGeneration(task));
        if (wanted && config.dataset().format() == DatasetFormat.TEXT) {
            throw new UserMistakeException("Rows of dataset.format Text have no answers that the model could write;"
                    + " leave out --predictions and --metric, or use another format.");
        }
        return wanted;
    }
}
