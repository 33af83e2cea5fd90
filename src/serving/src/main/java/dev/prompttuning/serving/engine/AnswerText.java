package dev.prompttuning.serving.engine;

import java.util.List;

/**
 * The text of one answer as it grows. What could be the beginning of a stop text is held back until it is clear whether it is
 * one, so no part of a stop text is ever sent.
 */
final class AnswerText {
    private final TextCodec.Decoder decoder;
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;

    AnswerText(TextCodec.Decoder decoder, List<String> stops) {
        this.decoder = decoder;
        this.stops = stops;
    }

    /** Text that can be sent now that {@code token} is known. */
    String add(long token) {
        return release(decoder.add(token), false);
    }

    /** Text left at the end. */
    String finish() {
        return stopped ? "" : release(decoder.finish(), true);
    }

    /** Whether a stop text came. */
    boolean stopped() {
        return stopped;
    }

    private String release(String text, boolean atEnd) {
        held.append(text);
        int stop = firstStop();
        if (stop >= 0) {
            stopped = true;
            return held.substring(0, stop);
        }
        int certain = held.length() - (atEnd ? 0 : possibleStop());
        String released = held.substring(0, certain);
        held.delete(0, certain);
        return released;
    }

    private int firstStop() {
        return stops.stream()
                .mapToInt(held::indexOf)
                .filter(index -> index >= 0)
                .min()
                .orElse(-1);
    }

    /** Length of the longest end of the held text with which a stop text begins. */
    private int possibleStop() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
                if (held.indexOf(stop.substring(0, length), held.length() - length) >= 0) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
