package dev.prompttuning.transformers.seq2seq;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.model.KeyValue;

/** Texts that an encoder has read, as the decoder's layers see them. */
public interface Encoded {

    /** The keys and values that a layer looks at. */
    KeyValue keyValue(int index, CrossDecoder.Layer layer);

    /** What hides padding, {@code [rows, 1, 1, sourceLength]}; null where there is none. */
    NDArray mask();

    /**
     * Hidden states, of which each layer makes keys and values whenever it runs: for training.
     *
     * @param hidden {@code [rows, sourceLength, hidden]}
     */
    record States(NDArray hidden, NDArray mask) implements Encoded {
        @Override
        public KeyValue keyValue(int index, CrossDecoder.Layer layer) {
            return layer.keyValue(hidden);
        }
    }
}
