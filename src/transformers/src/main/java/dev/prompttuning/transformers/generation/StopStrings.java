package dev.prompttuning.transformers.generation;

import java.util.List;

/** Finds stop strings across token boundaries; text that may be the beginning of one is held back. */
final class StopStrings {

    private final List<String> stops;
    private String held = "";
    private boolean found;

    StopStrings(List<String> stops) {
        this.stops = stops;
    }

    /** The text that may be shown after this piece. */
    String add(String piece) {
        if (found) {
            return "";
        }
        String text = held + piece;
        int end = stops.stream()
                .mapToInt(text::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
        if (end >= 0) {
            found = true;
            held = "";
            return text.substring(0, end);
        }
        int safe = text.length() - longestBeginning(text);
        held = text.substring(safe);
        return text.substring(0, safe);
    }

    /** The length of the longest end of the text with which a stop string begins. */
    private int longestBeginning(String text) {
        int longest = 0;
        for (String stop : stops) {
            for (int n = Math.min(stop.length() - 1, text.length()); n > longest; n--) {
                if (text.regionMatches(text.length() - n, stop, 0, n)) {
                    longest = n;
                }
            }
        }
        return longest;
    }

    String release() {
        String rest = held;
        held = "";
        return rest;
    }

    boolean found() {
        return found;
    }
}
