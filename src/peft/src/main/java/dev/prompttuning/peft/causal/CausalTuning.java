package dev.prompttuning.peft.causal;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.peft.method.SoftPrompt;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.KeyValues;
import dev.prompttuning.transformers.model.TokenLayout;

/**
 * A causal model together with what is trained of it: runs batches forward and backward.
 *
 * <p>Virtual tokens run once for the whole batch, not once a row. In one packed lane they stand in front of it; in front of
 * several lanes stands what they leave behind, their keys and values.
 */
public final class CausalTuning {

    private final CausalLM model;
    private final Tuning tuning;
    private final boolean recompute;

    /**
     * @param recompute whether layers are computed again in the backward pass instead of being remembered (gradient
     *     checkpointing): about a third of the memory for a third more time
     */
    public CausalTuning(CausalLM model, Tuning tuning, boolean recompute) {
        this.model = model;
        this.tuning = tuning;
        this.recompute = recompute;
    }

    /** Tokens that stand in front of every row. */
    public int numVirtualTokens() {
        return tuning instanceof SoftPrompt prompt ? prompt.numVirtualTokens() : 0;
    }

    /** The loss of a batch; {@code scale} times the gradient of its sum is added to the parameters' gradients. */
    public Loss train(Lanes batch, double scale) {
        try (Autograd recording = Autograd.recording();
                Scope scope = Scope.open()) {
            Start start = start(batch);
            HeadLoss head = new HeadLoss(model, batch, start.skipped());
            if (recompute) {
                return new RecomputedPass(model).train(start, head, scale);
            }
            return head.train(model.forward(start.embeddings(), start.layout(), start.past()), scale);
        }
    }

    /** The loss of a batch. */
    public RowLoss evaluate(Lanes batch) {
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            Start start = start(batch);
            NDArray hidden = model.forward(start.embeddings(), start.layout(), start.past());
            return new HeadLoss(model, batch, start.skipped()).evaluate(hidden);
        }
    }

    /** The soft prompt's keys and values as they are now, for generation; whoever asks closes them. */
    public KeyValues prefix() {
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            return tuning instanceof SoftPrompt prompt
                    ? PromptKeyValues.of(model, prompt.type(), prompt.promptEmbeddings())
                            .ownedBy(model.manager())
                    : KeyValues.NONE;
        }
    }

    /** Embeddings and layout of a batch, with the virtual tokens where they run cheapest. */
    Start start(Lanes batch) {
        NDArray embeddings = model.embed(batch.tokenIds());
        return tuning instanceof SoftPrompt prompt
                ? start(prompt, embeddings, batch.layout())
                : new Start(embeddings, batch.layout(), KeyValues.NONE, 0);
    }

    private Start start(SoftPrompt prompt, NDArray embeddings, TokenLayout layout) {
        NDArray virtual = prompt.promptEmbeddings();
        if (layout.lanes() > 1 || prompt.type().isKeyValues()) {
            return new Start(embeddings, layout, PromptKeyValues.of(model, prompt.type(), virtual), 0);
        }
        int n = prompt.numVirtualTokens();
        return new Start(virtual.expandDims(0).concat(embeddings, 1), layout.behindVirtualTokens(n), KeyValues.NONE, n);
    }

    /**
     * @param past keys and values in front of all lanes
     * @param skipped virtual tokens in front of the lane's own tokens
     */
    record Start(NDArray embeddings, TokenLayout layout, KeyValues past, int skipped) {}
}
