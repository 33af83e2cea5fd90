package dev.prompttuning.transformers.seq2seq;

import ai.djl.ndarray.NDManager;
import dev.prompttuning.transformers.model.Backbone;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.LinearAdapter;
import dev.prompttuning.transformers.model.Weights;
import java.util.function.Function;

/** One of the two stacks of a {@link Seq2SeqLM}, which owns what is in it. */
final class Stack extends Backbone {

    Stack(Weights weights, Function<Weights, Decoder> family, NDManager manager) {
        super(weights, family, manager);
    }

    @Override
    public Stack adapted(LinearAdapter adapter) {
        return new Stack(source().adapted(adapter), family(), manager());
    }

    /** Closes nothing. */
    @Override
    public void close() {}
}
