package dev.prompttuning.operator.tuning;

import dev.prompttuning.api.contract.ContractJson;
import dev.prompttuning.api.contract.Progress;
import dev.prompttuning.api.contract.TrainConfigs;
import dev.prompttuning.api.contract.TrainResult;
import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.api.tuning.PromptTuningJobSpec;
import dev.prompttuning.api.tuning.PromptTuningJobStatus;
import dev.prompttuning.api.tuning.PromptTuningJobStatus.AdapterInfo;
import dev.prompttuning.api.tuning.PromptTuningJobStatus.Checkpoint;
import dev.prompttuning.operator.pod.RuntimePod;
import dev.prompttuning.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The status of a run as a function of its resource and what is seen. */
final class TuningStatus {
    private TuningStatus() {}

    static PromptTuningJobStatus of(PromptTuningJob job, Observed seen, Instant now) {
        PromptTuningJobSpec spec = job.getSpec();
        Optional<PromptTuningJobStatus> before = Optional.ofNullable(job.getStatus());
        Long generation = job.getMetadata().getGeneration();
        var conditions = TuningConditions.of(
                seen,
                spec.suspended(),
                new Conditions(before.map(PromptTuningJobStatus::conditions).orElse(null), generation, now));
        String phase = TuningConditions.phase(conditions);
        Optional<TrainResult> result = "Succeeded".equals(phase) ? result(seen) : Optional.empty();
        Progress progress = progress(before.map(PromptTuningJobStatus::progress), seen.progress(), result);
        return new PromptTuningJobStatus(
                generation,
                phase,
                spec.method() == null ? null : spec.method().label(),
                spec.baseModel() == null ? null : TrainConfigs.modelName(spec.baseModel()),
                conditions,
                progress,
                progress == null || progress.percent() == null ? null : progress.percent() + "%",
                progress == null || progress.loss() == null
                        ? null
                        : String.format(Locale.ROOT, "%.4f", progress.loss()),
                "Running".equals(phase) && progress != null ? eta(progress.secondsRemaining()) : null,
                result.map(TrainResult::metrics)
                        .or(() -> before.map(PromptTuningJobStatus::metrics))
                        .orElse(null),
                checkpoint(progress),
                result.map(found -> adapter(job, found))
                        .or(() -> before.map(PromptTuningJobStatus::adapter))
                        .orElse(null),
                attempts(before, seen),
                before.map(PromptTuningJobStatus::startTime)
                        .or(() -> startTime(seen))
                        .orElse(null),
                before.map(PromptTuningJobStatus::completionTime)
                        .or(() -> completionTime(phase, now))
                        .orElse(null),
                gpuSeconds(spec, before, seen, now));
    }

    private static Optional<TrainResult> result(Observed seen) {
        return seen.terminated()
                .filter(ended -> Objects.equals(ended.getExitCode(), 0) && ended.getMessage() != null)
                .flatMap(ended -> {
                    try {
                        return Optional.of(ContractJson.read(ended.getMessage(), TrainResult.class));
                    } catch (IllegalArgumentException e) {
                        return Optional.empty();
                    }
                });
    }

    private static Progress progress(Optional<Progress> before, Optional<Progress> said, Optional<TrainResult> result) {
        Progress last = said.or(() -> before).orElse(null);
        if (result.isEmpty()) {
            return last;
        }
        int steps = result.get().steps();
        Optional<Progress> known = Optional.ofNullable(last);
        return new Progress(
                steps,
                steps,
                100,
                known.map(Progress::epoch).orElse(null),
                known.map(Progress::loss).orElse(null),
                known.map(Progress::learningRate).orElse(null),
                known.map(Progress::tokensPerSecond).orElse(null),
                null,
                known.map(Progress::checkpointStep).orElse(null),
                known.map(Progress::checkpointTime).orElse(null));
    }

    private static Checkpoint checkpoint(Progress progress) {
        return progress == null || progress.checkpointStep() == null
                ? null
                : new Checkpoint(progress.checkpointStep(), progress.checkpointTime());
    }

    private static AdapterInfo adapter(PromptTuningJob job, TrainResult result) {
        var claim = job.getSpec().output().persistentVolumeClaim();
        return new AdapterInfo(
                claim.claimName(),
                path(job),
                result.digest(),
                result.method(),
                result.numVirtualTokens(),
                result.trainableParameters(),
                result.allParameters(),
                result.bytes());
    }

    /** The adapter's folder inside the output claim. */
    static String path(PromptTuningJob job) {
        String path = job.getSpec().output().persistentVolumeClaim().path();
        String name = job.getSpec().adapterName(job.getMetadata().getName());
        return path == null || path.isEmpty() ? name : path.replaceAll("/+$", "") + "/" + name;
    }

    private static Integer attempts(Optional<PromptTuningJobStatus> before, Observed seen) {
        int old = before.map(PromptTuningJobStatus::attempts).orElse(0);
        int now = seen.job().map(job -> job.getStatus()).map(TuningStatus::pods).orElse(0);
        return Math.max(old, now);
    }

    private static int pods(JobStatus status) {
        return or(status.getActive()) + or(status.getFailed()) + or(status.getSucceeded());
    }

    private static int or(Integer count) {
        return count == null ? 0 : count;
    }

    private static Optional<String> startTime(Observed seen) {
        return seen.pods().stream()
                .map(pod -> pod.getStatus() == null ? null : pod.getStatus().getStartTime())
                .filter(Objects::nonNull)
                .min(String::compareTo);
    }

    private static Optional<String> completionTime(String phase, Instant now) {
        boolean over = "Succeeded".equals(phase) || "Failed".equals(phase);
        return over ? Optional.of(Instant.ofEpochSecond(now.getEpochSecond()).toString()) : Optional.empty();
    }

    private static Long gpuSeconds(
            PromptTuningJobSpec spec, Optional<PromptTuningJobStatus> before, Observed seen, Instant now) {
        int gpus = RuntimePod.gpus(spec.pod());
        if (gpus == 0) {
            return null;
        }
        long seconds = seen.pods().stream().mapToLong(pod -> seconds(pod, now)).sum();
        return Math.max(before.map(PromptTuningJobStatus::gpuSeconds).orElse(0L), gpus * seconds);
    }

    private static long seconds(Pod pod, Instant now) {
        if (pod.getStatus() == null || pod.getStatus().getStartTime() == null) {
            return 0;
        }
        Instant end = Observed.terminated(pod)
                .map(ended -> ended.getFinishedAt())
                .map(Instant::parse)
                .orElse(now);
        return Math.max(
                0,
                Duration.between(Instant.parse(pod.getStatus().getStartTime()), end)
                        .toSeconds());
    }

    private static String eta(Long seconds) {
        if (seconds == null) {
            return null;
        }
        long minutes = seconds / 60;
        if (minutes == 0) {
            return seconds + "s";
        }
        return minutes < 60 ? minutes + "m" + seconds % 60 + "s" : minutes / 60 + "h" + minutes % 60 + "m";
    }
}
