package dev.prompttuning.quickstart.tour;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Where the tour is shown: lines, and on a terminal one line at the end that is drawn over and over. Without a terminal that line
 * is printed when it has something new to say.
 */
final class Screen {
    private static final String CLEAR_LINE = "\r\033[K";

    private final PrintStream out;
    private final boolean terminal;
    private final Clock clock;
    private final Instant start;
    private String bottom = "";

    Screen(PrintStream out, boolean terminal, Clock clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        this.start = clock.instant();
    }

    void line(String text) {
        out.print((terminal ? CLEAR_LINE : "") + text + System.lineSeparator() + bottom);
        out.flush();
    }

    void blank() {
        line("");
    }

    /** The beginning of a step. */
    void step(String title) {
        blank();
        line("== " + title);
    }

    /** A line with the seconds since the tour began. */
    void event(String text) {
        line("%5d s  %s".formatted(Duration.between(start, clock.instant()).toSeconds(), text));
    }

    /** Draws the last line anew. */
    void bottom(String text) {
        if (!terminal || text.equals(bottom)) {
            return;
        }
        bottom = text;
        out.print(CLEAR_LINE + bottom);
        out.flush();
    }

    /** Ends the line that is drawn over and over, leaving it as it is. */
    void settle() {
        if (!bottom.isEmpty()) {
            bottom = "";
            out.println();
        }
    }

    boolean terminal() {
        return terminal;
    }
}
