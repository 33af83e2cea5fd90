package dev.prompttuning.transformers.tokenizer;

import dev.prompttuning.transformers.generation.TextDecoder;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Turns tokens into text as they come. A character may take several tokens, so text is held back until it is whole. What is decoded
 * each time is a short window that starts with tokens already written: their text tells where the new text begins, and keeps the
 * decoder from taking a space for the start of the text. For one thread.
 */
public final class StreamingDecoder implements TextDecoder {
    private static final String REPLACEMENT = "\uFFFD";

    /** A character has at most 4 bytes, so a longer run without an end is the model's own invalid bytes. */
    private static final int MAX_HELD_BACK = 32;

    private final Function<long[], String> decode;
    private long[] ids = new long[64];
    private int size;
    private int windowStart;
    private int written;

    StreamingDecoder(Function<long[], String> decode) {
        this.decode = decode;
    }

    @Override
    public String add(long id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size * 2);
        }
        ids[size++] = id;
        return advance(size - written > MAX_HELD_BACK);
    }

    /** The text still held back at the end; an unfinished character appears as U+FFFD. */
    @Override
    public String flush() {
        return advance(true);
    }

    private String advance(boolean force) {
        String before = decode.apply(Arrays.copyOfRange(ids, windowStart, written));
        String now = decode.apply(Arrays.copyOfRange(ids, windowStart, size));
        boolean whole = force || !now.endsWith(REPLACEMENT);
        if (now.length() <= before.length() || !whole) {
            return "";
        }
        windowStart = written;
        written = size;
        return now.substring(before.length());
    }
}
