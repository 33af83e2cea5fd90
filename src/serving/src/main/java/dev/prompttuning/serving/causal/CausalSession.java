package dev.prompttuning.serving.causal;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.generation.DecodeSession;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.KeyValues;
import dev.prompttuning.transformers.model.TokenLayout;
import java.util.Arrays;

/** Rows of one length being decoded behind a common prefix. Owns what it adds to the prefix, never the prefix. */
public final class CausalSession implements DecodeSession {
    private final CausalLM model;
    private final KeyValues prefix;
    private KeyValues past;

    /** @param prefix must outlive the session; {@link KeyValues#NONE} for nothing */
    public CausalSession(CausalLM model, KeyValues prefix) {
        this.model = model;
        this.prefix = prefix;
        this.past = prefix;
    }

    @Override
    public int vocabSize() {
        return model.config().vocabSize();
    }

    @Override
    public float[][] feed(long[][] newTokens) {
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            int length = newTokens[0].length;
            TokenLayout layout = TokenLayout.causal(newTokens.length, past.length(), length);
            CausalLM.Pass pass = model.forwardKeeping(model.embed(newTokens), layout, past);
            goOnWith(pass.keyValues().detached(model.manager()));
            NDArray scores = model.logits(pass.hidden().get(":, " + (length - 1)));
            return rows(scores.toFloatArray(), newTokens.length);
        }
    }

    private static float[][] rows(float[] scores, int rows) {
        int width = scores.length / rows;
        float[][] split = new float[rows][];
        Arrays.setAll(split, row -> Arrays.copyOfRange(scores, row * width, (row + 1) * width));
        return split;
    }

    @Override
    public void reorder(int[] sourceRows) {
        if (past != prefix) {
            try (Scope scope = Scope.open()) {
                goOnWith(past.reordered(sourceRows).detached(model.manager()));
            }
        }
    }

    @Override
    public int length() {
        return past.length();
    }

    private void goOnWith(KeyValues next) {
        close();
        past = next;
    }

    @Override
    public void close() {
        if (past != prefix) {
            past.close();
            past = prefix;
        }
    }
}
