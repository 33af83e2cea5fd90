package dev.prompttuning.training.progress;

import dev.prompttuning.api.contract.Progress;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Keeps the latest word on a run, for whoever asks from another thread. */
public final class ProgressTracker implements TrainingListener {

    /** How much a new step counts in what is averaged over steps. */
    private static final double NEWEST = 0.1;

    private final Clock clock;
    private volatile Progress latest = new Progress(null, null, null, null, null, null, null, null, null, null);
    private double loss = Double.NaN;
    private double secondsPerStep = Double.NaN;
    private double tokensPerStep = Double.NaN;
    private Integer checkpointStep;
    private String checkpointTime;

    public ProgressTracker(Clock clock) {
        this.clock = clock;
    }

    /** Loss, speed and time left are averages in which older steps fade. */
    public Progress latest() {
        return latest;
    }

    @Override
    public void on(TrainingEvent event) {
        if (event instanceof TrainingEvent.Started started) {
            latest = new Progress(
                    started.step(),
                    started.totalSteps(),
                    percent(started.step(), started.totalSteps()),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
        } else if (event instanceof TrainingEvent.Stepped step) {
            loss = faded(loss, step.loss());
            secondsPerStep = faded(secondsPerStep, step.seconds());
            tokensPerStep = faded(tokensPerStep, step.tokens());
            latest = progress(step);
        } else if (event instanceof TrainingEvent.Checkpointed checkpoint) {
            checkpointStep = checkpoint.step();
            checkpointTime = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
            latest = withCheckpoint(latest);
        }
    }

    private Progress progress(TrainingEvent.Stepped step) {
        return new Progress(
                step.step(),
                step.totalSteps(),
                percent(step.step(), step.totalSteps()),
                step.epoch(),
                loss,
                step.learningRate(),
                secondsPerStep > 0 ? tokensPerStep / secondsPerStep : null,
                Math.round(secondsPerStep * (step.totalSteps() - step.step())),
                checkpointStep,
                checkpointTime);
    }

    private Progress withCheckpoint(Progress now) {
        return new Progress(
                now.step(),
                now.totalSteps(),
                now.percent(),
                now.epoch(),
                now.loss(),
                now.learningRate(),
                now.tokensPerSecond(),
                now.secondsRemaining(),
                checkpointStep,
                checkpointTime);
    }

    private static int percent(int step, int totalSteps) {
        return (int) (100L * step / totalSteps);
    }

    private static double faded(double before, double now) {
        return Double.isNaN(before) ? now : before + NEWEST * (now - before);
    }
}
