package dev.prompttuning.transformers.seq2seq;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.model.KeyValue;
import dev.prompttuning.transformers.model.KeyValues;

/** Keys and values of texts, made once for a decoder that runs token by token. */
final class KeptSources implements Encoded {

    private final NDManager owner;
    private final boolean one;
    private KeyValues keyValues;
    private NDArray mask;

    /**
     * @param keyValues one entry a decoder layer
     * @param owner of the arrays from now on
     */
    KeptSources(KeyValues keyValues, NDArray mask, NDManager owner) {
        this.owner = owner;
        this.keyValues = keyValues.ownedBy(owner);
        this.mask = owned(mask);
        this.one = keyValues.layers().get(0).key().getShape().get(0) == 1;
    }

    private NDArray owned(NDArray array) {
        if (array != null) {
            NDScope.unregister(array);
            array.attach(owner);
        }
        return array;
    }

    @Override
    public KeyValue keyValue(int index, CrossDecoder.Layer layer) {
        return keyValues.layers().get(index);
    }

    @Override
    public NDArray mask() {
        return mask;
    }

    /** Row {@code i} goes on with the text of row {@code sourceRows[i]}. A text that is the only one is every row's. */
    void reorder(int... sourceRows) {
        if (one) {
            return;
        }
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            KeyValues earlier = keyValues;
            keyValues = earlier.reordered(sourceRows).ownedBy(owner);
            earlier.close();
            if (mask != null) {
                NDArray rows = mask;
                mask = owned(rows.get(owner.create(sourceRows)));
                rows.close();
            }
        }
    }
}
