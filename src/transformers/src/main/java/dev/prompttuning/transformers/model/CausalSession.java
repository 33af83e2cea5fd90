package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.generation.DecodeSession;
import java.util.function.UnaryOperator;

/** Decodes rows of equal length on one key/value cache, which may start with a soft prompt's keys and values. */
public final class CausalSession implements DecodeSession {

    private final Backbone model;
    private final UnaryOperator<NDArray> head;
    private final NDManager manager;
    private KeyValues history;
    private boolean historyIsOurs;

    /** @param prefix what every row sees in front of its own tokens; it stays the caller's */
    public CausalSession(CausalLM model, KeyValues prefix) {
        this(model, model::logits, prefix);
    }

    /**
     * As {@link #CausalSession(CausalLM, KeyValues)}.
     *
     * @param head scores of the next token, {@code [.., hidden] → [.., vocab]}
     */
    public CausalSession(Backbone model, UnaryOperator<NDArray> head, KeyValues prefix) {
        this.model = model;
        this.head = head;
        this.manager = model.manager().newSubManager();
        this.history = prefix;
    }

    @Override
    public int vocabSize() {
        return model.config().vocabSize();
    }

    /** @throws IllegalArgumentException when the rows would become longer than the model's positions */
    @Override
    public float[][] feed(long[][] newTokens) {
        int rows = newTokens.length;
        int count = newTokens[0].length;
        if (history.length() + count > model.config().maxPositions()) {
            throw new IllegalArgumentException("%d tokens do not fit into the model's %d positions"
                    .formatted(history.length() + count, model.config().maxPositions()));
        }
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            TokenLayout layout = TokenLayout.causal(rows, history.length(), count);
            Backbone.Pass pass = model.forwardKeeping(model.embed(newTokens), layout, history);
            replaceHistory(pass.keyValues());
            NDArray last = pass.hidden().get(":, {}", count - 1);
            return rows(head.apply(last).toFloatArray(), rows);
        }
    }

    private float[][] rows(float[] flat, int count) {
        float[][] rows = new float[count][vocabSize()];
        for (int row = 0; row < count; row++) {
            System.arraycopy(flat, row * vocabSize(), rows[row], 0, vocabSize());
        }
        return rows;
    }

    @Override
    public void reorder(int[] sourceRows) {
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            replaceHistory(history.reordered(sourceRows));
        }
    }

    private void replaceHistory(KeyValues next) {
        KeyValues owned = next.ownedBy(manager);
        if (historyIsOurs) {
            history.close();
        }
        history = owned;
        historyIsOurs = true;
    }

    @Override
    public int length() {
        return history.length();
    }

    @Override
    public void close() {
        manager.close();
    }
}
