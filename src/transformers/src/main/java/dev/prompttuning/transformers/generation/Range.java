package dev.prompttuning.transformers.generation;

/** The one sentence a user reads who asked for an impossible setting. */
final class Range {

    private Range() {}

    static void check(String field, double value, double least, double most) {
        if (value >= least && value <= most) {
            return;
        }
        String allowed = most >= Integer.MAX_VALUE
                ? "at least " + plain(least)
                : "between " + plain(least) + " and " + plain(most);
        throw new IllegalArgumentException(field + " is " + plain(value) + ", it must be " + allowed);
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : "" + value;
    }
}
