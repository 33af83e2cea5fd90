package dev.prompttuning.trainer.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.job.EvaluationJob;
import dev.prompttuning.transformers.engine.DeviceChoice;
import dev.prompttuning.transformers.engine.PyTorch;
import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
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
        description =
                "Prints loss, accuracy and what else the task is measured by, on a job's evaluation rows, as JSON.")
public final class EvaluateCommand implements Callable<Integer> {
    @Mixin
    JobSource job;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "What the job has made. Default: the bare base model.")
    Path adapter;

    @Spec
    CommandSpec spec;

    private final PodPaths paths;

    @Inject
    EvaluateCommand(PodPaths paths) {
        this.paths = paths;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        if (adapter != null && !Files.isDirectory(adapter)) {
            throw new UserMistakeException(
                    "--adapter " + adapter + ": there is no such folder; name an adapter's folder.");
        }
        EvaluationJob evaluation =
                new EvaluationJob(job.config(paths), job.surroundings(paths), PyTorch.start(DeviceChoice.AUTO));
        Map<String, Double> metrics =
                new TreeMap<>(evaluation.run(Optional.ofNullable(adapter)).metrics());
        PrintWriter out = spec.commandLine().getOut();
        out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(metrics));
        out.flush();
        return 0;
    }
}
