package dev.prompttuning.trainer.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.api.contract.ExitCode;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.contract.TrainResult;
import dev.prompttuning.trainer.http.Probes;
import dev.prompttuning.training.FailureReport;
import dev.prompttuning.training.StopRequest;
import dev.prompttuning.training.job.RunReport;
import dev.prompttuning.training.job.TrainingJob;
import dev.prompttuning.training.progress.JsonLog;
import dev.prompttuning.training.progress.ProgressBar;
import dev.prompttuning.training.progress.ProgressTracker;
import dev.prompttuning.training.progress.TrainingListener;
import dev.prompttuning.training.progress.TrainingMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.jboss.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a job to its end, or from its last checkpoint on. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = 2,
        description = "Trains what a PromptTuningJob asks for and writes the adapter.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "2:a mistake in the job or the data; the message says what to do",
            "3:out of memory",
            "143:stopped after a checkpoint; run again, it goes on from there"
        },
        footer = {
            "",
            "Without a cluster, with folders for claims:",
            "  trainer train -f job.yaml --volume models=./models --volume adapters=./adapters"
        })
public final class TrainCommand implements Callable<Integer> {
    private static final Logger LOG = Logger.getLogger(TrainCommand.class);
    /** Less than a pod's usual grace period of 30 seconds. */
    private static final long GRACE_SECONDS = 25;

    @Mixin
    JobSource job;

    @Mixin
    DeviceOption device;

    @Option(names = "--result", paramLabel = "FILE", description = "Writes losses, times, memory and metrics as JSON.")
    Path resultFile;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Serves /progress and /metrics there. Default: only in a pod.")
    Integer port;

    private final PodPaths paths;
    private final MeterRegistry meters;
    private final Router router;
    private final Probes probes;

    @Inject
    TrainCommand(PodPaths paths, MeterRegistry meters, Router router, Probes probes) {
        this.paths = paths;
        this.meters = meters;
        this.router = router;
        this.probes = probes;
    }

    @Override
    public Integer call() {
        StopRequest stop = new StopRequest();
        try (StopRequest.Watch watch = stop.onTermination(GRACE_SECONDS)) {
            TrainingJob.Ended ended = train(job.config(paths), stop);
            if (resultFile != null) {
                RunReport.of(ended).write(resultFile);
            }
            ended.result().ifPresent(this::report);
            return ended.result().isPresent() ? ExitCode.DONE.code() : ExitCode.TERMINATED.code();
        } catch (RuntimeException | Error e) {
            return failed(e);
        }
    }

    private TrainingJob.Ended train(TrainConfig config, StopRequest stop) {
        Clock clock = Clock.systemUTC();
        ProgressTracker tracker = new ProgressTracker(clock);
        router.get("/progress").handler(context -> context.json(tracker.latest()));
        probes.follow(() -> true, () -> true);
        TrainingListener shown = System.console() == null || job.isPod()
                ? new JsonLog(System.out, config.training().loggingSteps(), clock)
                : new ProgressBar(System.out, tracker);
        TrainingListener listener = TrainingListener.all(List.of(tracker, shown, new TrainingMeters(meters)));
        return new TrainingJob(config, job.surroundings(paths), device.start(), LOG::info).run(listener, stop);
    }

    private void report(TrainResult result) {
        LOG.infof("Wrote %s (%s)", job.isPod() ? paths.resolve(result.path()) : result.path(), result.digest());
        try {
            tell(new ObjectMapper().writeValueAsString(result));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A record of plain values can always be written", e);
        }
    }

    private int failed(Throwable failure) {
        FailureReport report = FailureReport.of(failure);
        if (report.code() == ExitCode.FAILED) {
            LOG.error("The training failed", failure);
        } else {
            LOG.error(report.message());
        }
        tell(report.message());
        return report.code().code();
    }

    private void tell(String message) {
        if (job.isPod()) {
            new TerminationLog(paths).write(message);
        }
    }
}
