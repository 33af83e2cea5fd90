package dev.prompttuning.training.progress;

import java.io.PrintStream;
import java.util.Locale;

/** A run as one line of a terminal that is written over and over, with lines above it for what is worth keeping. */
public final class ProgressBar implements TrainingListener {
    private static final int WIDTH = 30;
    private static final String CLEARED = "\r\u001b[K";

    private final PrintStream out;
    private final ProgressTracker tracker;

    /** @param tracker told before this listener is */
    public ProgressBar(PrintStream out, ProgressTracker tracker) {
        this.out = out;
        this.tracker = tracker;
    }

    @Override
    public void on(TrainingEvent event) {
        if (event instanceof TrainingEvent.Started started) {
            out.println(started.parameterLine());
            if (started.step() > 0) {
                out.println("going on from the checkpoint of step " + started.step());
            }
        } else if (event instanceof TrainingEvent.Stepped step) {
            out.print(CLEARED + bar(step));
        } else if (event instanceof TrainingEvent.Evaluated evaluated) {
            StringBuilder line = new StringBuilder(CLEARED + "step " + evaluated.step() + ":");
            evaluated
                    .result()
                    .metrics()
                    .forEach((name, value) -> line.append(String.format(Locale.ROOT, "  %s %.4f", name, value)));
            out.println(line + (evaluated.best() ? "  (best)" : ""));
        } else if (event instanceof TrainingEvent.Ended ended) {
            out.println(CLEARED + "step " + ended.step() + ": " + ended.reason());
        }
        out.flush();
    }

    private String bar(TrainingEvent.Stepped step) {
        int done = (int) ((long) WIDTH * step.step() / step.totalSteps());
        Long left = tracker.latest().secondsRemaining();
        return String.format(
                Locale.ROOT,
                "[%s%s] %d/%d  loss %.4f  %s left",
                "█".repeat(done),
                "·".repeat(WIDTH - done),
                step.step(),
                step.totalSteps(),
                tracker.latest().loss(),
                left == null ? "?" : duration(left));
    }

    static String duration(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        return seconds < 3600
                ? String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds / 60 % 60);
    }
}
