package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.transformers.engine.Scope;
import java.util.function.Function;

/** A causal language model: a {@link Backbone} whose hidden states score the next token. */
public final class CausalLM extends Backbone implements LanguageHead {

    /**
     * @param family puts a decoder together from weights
     * @param manager closed with the model
     */
    public CausalLM(Weights weights, Function<Weights, Decoder> family, NDManager manager) {
        super(weights, family, manager);
    }

    @Override
    public CausalLM adapted(LinearAdapter adapter) {
        return new CausalLM(source().adapted(adapter), family(), manager().newSubManager());
    }

    @Override
    public boolean hasPackedHead() {
        return decoder().head() instanceof Linear.Packed;
    }

    @Override
    public NDArray logitsGradient(NDArray gradient) {
        return ((Linear.Packed) decoder().head()).weight().back(gradient);
    }

    @Override
    public NDArray logits(NDArray hidden) {
        try (Scope scope = Scope.open()) {
            return scope.keep(decoder().head().apply(hidden));
        }
    }
}
