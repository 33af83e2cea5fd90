package dev.prompttuning.serving.causal;

import ai.djl.ndarray.NDManager;
import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.serving.engine.Prefix;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.KeyValues;

/** An adapter: its keys and values, and the base model with its additions. Used by the engine's thread alone. */
final class KeyValuePrefix implements Prefix {
    private final CausalTuning tuned;
    private final KeyValues keyValues;
    private final NDManager owner;
    private final int tokensRun;
    private boolean closed;

    /**
     * @param owner of the adapter's own tensors; closed with the prefix, as are the others
     * @param tokensRun to compute the keys and values
     */
    KeyValuePrefix(CausalTuning tuned, KeyValues keyValues, NDManager owner, int tokensRun) {
        this.tuned = tuned;
        this.keyValues = keyValues;
        this.owner = owner;
        this.tokensRun = tokensRun;
    }

    @Override
    public int length() {
        return keyValues.length();
    }

    @Override
    public int tokensRun() {
        return tokensRun;
    }

    boolean closed() {
        return closed;
    }

    CausalLM model() {
        return tuned.model();
    }

    KeyValues keyValues() {
        return keyValues;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            keyValues.close();
            tuned.close();
            owner.close();
        }
    }
}
