package dev.prompttuning.transformers.generation;

/** Rows being decoded together on one key-value cache: feed the new tokens of each row, get the next-token scores. */
public interface DecodeSession extends AutoCloseable {

    int vocabSize();

    /**
     * Appends tokens to every row.
     *
     * @param newTokens {@code [rows][k]}, k at least 1 and the same for every row
     * @return logits after the last token of each row, {@code [rows][vocabSize]}; the arrays belong to the caller
     */
    float[][] feed(long[][] newTokens);

    /** Row i goes on as a copy of the present row {@code sourceRows[i]}; the number of rows may change. */
    void reorder(int[] sourceRows);

    /** Positions used so far, virtual tokens included. */
    int length();

    @Override
    void close();
}
