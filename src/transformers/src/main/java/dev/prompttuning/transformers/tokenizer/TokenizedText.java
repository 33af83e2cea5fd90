package dev.prompttuning.transformers.tokenizer;

/**
 * A text, or a pair of texts, as tokens that know where they come from.
 *
 * @param types token types, which tell the texts of a pair apart for models that were trained so
 * @param texts by token: 0 or 1 for the text of the pair that it is of, {@link #SPECIAL} for what the tokenizer has added
 * @param starts by token: where it starts in its text, in characters of Java
 * @param ends by token: behind its last character
 */
public record TokenizedText(int[] ids, int[] types, int[] texts, int[] starts, int[] ends) {

    /** Of no text. */
    public static final int SPECIAL = -1;

    public int length() {
        return ids.length;
    }

    /** Without the last tokens of the last text as far as there are more than {@code maxLength} tokens; special ones are kept. */
    public TokenizedText cutTo(int maxLength) {
        int excess = length() - maxLength;
        if (excess <= 0) {
            return this;
        }
        int end = length();
        while (end > 0 && texts[end - 1] == SPECIAL) {
            end--;
        }
        int from = Math.max(0, end - excess);
        return new TokenizedText(
                without(ids, from, end),
                without(types, from, end),
                without(texts, from, end),
                without(starts, from, end),
                without(ends, from, end));
    }

    private static int[] without(int[] array, int from, int to) {
        int[] left = new int[array.length - (to - from)];
        System.arraycopy(array, 0, left, 0, from);
        System.arraycopy(array, to, left, from, array.length - to);
        return left;
    }
}
