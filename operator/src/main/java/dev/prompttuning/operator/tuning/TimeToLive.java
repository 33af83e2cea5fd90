package dev.prompttuning.operator.tuning;

import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.api.tuning.PromptTuningJobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** {@code runPolicy.ttlSecondsAfterFinished}: how long a run that is over stays. */
final class TimeToLive {
    private TimeToLive() {}

    /** What is left of it; none when the run goes on or stays for good. */
    static Optional<Duration> left(PromptTuningJob job, PromptTuningJobStatus status, Instant now) {
        var policy = job.getSpec().runPolicy();
        if (policy == null || policy.ttlSecondsAfterFinished() == null || status.completionTime() == null) {
            return Optional.empty();
        }
        Instant end = Instant.parse(status.completionTime()).plusSeconds(policy.ttlSecondsAfterFinished());
        return Optional.of(Duration.between(now, end));
    }
}
