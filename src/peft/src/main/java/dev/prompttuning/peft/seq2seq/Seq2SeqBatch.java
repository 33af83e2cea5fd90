package dev.prompttuning.peft.seq2seq;

import dev.prompttuning.peft.causal.Lanes;
import dev.prompttuning.transformers.model.TokenLayout;
import java.util.Arrays;

/**
 * Texts and their answers, padded on the right.
 *
 * @param sourceIds what the encoder reads, {@code [rows][sourceLength]}
 * @param sourceLengths real tokens of each text
 * @param labels what the decoder is to write, {@link Lanes#IGNORED} behind its end, {@code [rows][length]}
 */
public record Seq2SeqBatch(long[][] sourceIds, int[] sourceLengths, long[][] labels) {

    public int rows() {
        return sourceIds.length;
    }

    /** Of the padded texts. */
    public int sourceLength() {
        return sourceIds[0].length;
    }

    /** Number of tokens a loss is taken of. */
    public int labelledTokens() {
        return (int) Arrays.stream(labels)
                .flatMapToLong(Arrays::stream)
                .filter(label -> label != Lanes.IGNORED)
                .count();
    }

    /**
     * The answers as the decoder learns them: each begins with a start token, and each of its tokens predicts the next.
     *
     * @param first position of the start token
     */
    Lanes answers(long startToken, long padToken, int first) {
        int length = labels[0].length;
        long[][] fed = new long[rows()][length];
        for (int row = 0; row < rows(); row++) {
            fed[row][0] = startToken;
            for (int i = 1; i < length; i++) {
                long before = labels[row][i - 1];
                fed[row][i] = before == Lanes.IGNORED ? padToken : before;
            }
        }
        return new Lanes(fed, TokenLayout.causal(rows(), first, length), labels);
    }
}
