package dev.prompttuning.transformers.generation;

import java.util.Arrays;

/** The ids of one row: the prompt's, then the generated ones. Virtual tokens have no ids and are not here. */
public final class TokenHistory {

    private long[] ids;
    private int size;
    private final int promptLength;

    public TokenHistory(long[] prompt) {
        ids = Arrays.copyOf(prompt, prompt.length + 32);
        size = prompt.length;
        promptLength = prompt.length;
    }

    private TokenHistory(TokenHistory other) {
        ids = other.ids.clone();
        size = other.size;
        promptLength = other.promptLength;
    }

    void add(long id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size * 2);
        }
        ids[size++] = id;
    }

    TokenHistory plus(long id) {
        TokenHistory longer = new TokenHistory(this);
        longer.add(id);
        return longer;
    }

    public int size() {
        return size;
    }

    public long id(int position) {
        return ids[position];
    }

    public int promptLength() {
        return promptLength;
    }

    public int generatedLength() {
        return size - promptLength;
    }

    public long[] generated() {
        return Arrays.copyOfRange(ids, promptLength, size);
    }
}
