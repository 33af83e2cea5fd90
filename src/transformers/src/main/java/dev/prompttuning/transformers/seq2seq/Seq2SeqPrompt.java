package dev.prompttuning.transformers.seq2seq;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.prompttuning.transformers.model.KeyValues;

/**
 * A soft prompt, ready for generation: virtual tokens in front of what the encoder reads, or keys and values in front of what the
 * decoder writes.
 *
 * @param virtualTokens {@code [n, hidden]}; null for none
 * @param past of the decoder's self attention; {@link KeyValues#NONE} for none
 */
public record Seq2SeqPrompt(NDArray virtualTokens, KeyValues past) implements AutoCloseable {

    public static final Seq2SeqPrompt NONE = new Seq2SeqPrompt(null, KeyValues.NONE);

    /** Number of virtual tokens that the encoder reads. */
    public int sourceLength() {
        return virtualTokens == null ? 0 : (int) virtualTokens.getShape().get(0);
    }

    /** Number of virtual tokens, wherever they stand. */
    public int length() {
        return sourceLength() + past.length();
    }

    /** Takes the arrays out of any scope and gives them to {@code owner}. */
    public Seq2SeqPrompt ownedBy(NDManager owner) {
        if (virtualTokens != null) {
            NDScope.unregister(virtualTokens);
            virtualTokens.attach(owner);
        }
        return new Seq2SeqPrompt(virtualTokens, past.ownedBy(owner));
    }

    @Override
    public void close() {
        if (virtualTokens != null) {
            virtualTokens.close();
        }
        past.close();
    }
}
