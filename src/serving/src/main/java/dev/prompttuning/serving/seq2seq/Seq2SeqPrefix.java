package dev.prompttuning.serving.seq2seq;

import ai.djl.ndarray.NDManager;
import dev.prompttuning.peft.seq2seq.Seq2SeqTuning;
import dev.prompttuning.serving.engine.Prefix;
import dev.prompttuning.transformers.seq2seq.Seq2SeqLM;
import dev.prompttuning.transformers.seq2seq.Seq2SeqPrompt;

/** An adapter: its soft prompt, and the base model with its additions. Used by the engine's thread alone. */
final class Seq2SeqPrefix implements Prefix {
    private final Seq2SeqTuning tuned;
    private final Seq2SeqPrompt prompt;
    private final NDManager owner;
    private boolean closed;

    /** @param owner of the adapter's own tensors; closed with the prefix, as are the others */
    Seq2SeqPrefix(Seq2SeqTuning tuned, Seq2SeqPrompt prompt, NDManager owner) {
        this.tuned = tuned;
        this.prompt = prompt;
        this.owner = owner;
    }

    @Override
    public int length() {
        return prompt.length();
    }

    boolean closed() {
        return closed;
    }

    Seq2SeqLM model() {
        return tuned.model();
    }

    Seq2SeqPrompt prompt() {
        return prompt;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            prompt.close();
            tuned.close();
            owner.close();
        }
    }
}
