package dev.prompttuning.serving.causal;

import dev.prompttuning.serving.engine.Prefix;
import dev.prompttuning.transformers.model.KeyValues;

/** An adapter's keys and values. Used by the engine's thread alone. */
final class KeyValuePrefix implements Prefix {
    private final KeyValues keyValues;
    private boolean closed;

    KeyValuePrefix(KeyValues keyValues) {
        this.keyValues = keyValues;
    }

    @Override
    public int length() {
        return keyValues.length();
    }

    boolean closed() {
        return closed;
    }

    KeyValues keyValues() {
        return keyValues;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            keyValues.close();
        }
    }
}
