package dev.prompttuning.peft.causal;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.model.Backbone;
import dev.prompttuning.transformers.model.LoadedModel;

/** Start values of virtual tokens from real ones. */
public final class TextInit {

    private TextInit() {}

    /** PEFT's rule: a text is cut to {@code count} tokens, or repeated until it has as many. */
    public static long[] fitted(long[] tokenIds, int count) {
        if (tokenIds.length == 0) {
            throw new IllegalArgumentException("The text to start from has no tokens");
        }
        long[] fitted = new long[count];
        for (int i = 0; i < count; i++) {
            fitted[i] = tokenIds[i % tokenIds.length];
        }
        return fitted;
    }

    /** The tokens' embeddings, {@code [count, hidden]}. */
    public static NDArray embeddings(LoadedModel model, long[] tokenIds) {
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            return scope.keep(model.embed(new long[][] {tokenIds}).squeeze(0));
        }
    }

    /** The tokens' keys and values in the layout of a prefix, {@code [count, layers * 2 * keyValueSize]}. */
    public static NDArray prefix(Backbone model, long[] tokenIds) {
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            NDArray embeddings = model.embed(new long[][] {tokenIds});
            return scope.keep(PromptKeyValues.folded(PromptKeyValues.computed(model, embeddings)));
        }
    }
}
