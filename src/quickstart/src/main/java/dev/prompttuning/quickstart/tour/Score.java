package dev.prompttuning.quickstart.tour;

import java.util.Locale;

/**
 * How many answers are right.
 *
 * @param right exact matches
 * @param total rows
 */
record Score(int right, int total) {
    static final Score NONE = new Score(0, 0);

    /** Counts one answer; white space around it does not matter. */
    Score count(String answer, String expected) {
        return new Score(right + (answer.strip().equals(expected.strip()) ? 1 : 0), total + 1);
    }

    double accuracy() {
        return total == 0 ? 0 : (double) right / total;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d of %d, %.1f%%", right, total, 100 * accuracy());
    }
}
