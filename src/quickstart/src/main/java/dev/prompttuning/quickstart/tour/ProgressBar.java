package dev.prompttuning.quickstart.tour;

import dev.prompttuning.api.contract.Progress;
import java.util.Locale;

/**
 * A line such as {@code [######--------] 43%  step 43/100  loss 0.2134  6 s left}.
 *
 * @param width of the bar in characters
 */
record ProgressBar(int width) {

    /** What is not known yet is left out. */
    String render(Progress progress) {
        int percent = Math.max(0, Math.min(100, progress.percent() == null ? 0 : progress.percent()));
        int done = percent * width / 100;
        StringBuilder line = new StringBuilder("[")
                .append("#".repeat(done))
                .append("-".repeat(width - done))
                .append(String.format(Locale.ROOT, "] %3d%%", percent));
        if (progress.step() != null && progress.totalSteps() != null) {
            line.append("  step ").append(progress.step()).append('/').append(progress.totalSteps());
        }
        if (progress.loss() != null) {
            line.append(String.format(Locale.ROOT, "  loss %.4f", progress.loss()));
        }
        if (progress.secondsRemaining() != null && percent < 100) {
            line.append("  ").append(time(progress.secondsRemaining())).append(" left");
        }
        return line.toString();
    }

    private static String time(long seconds) {
        return seconds < 60 ? seconds + " s" : seconds / 60 + " min " + seconds % 60 + " s";
    }
}
