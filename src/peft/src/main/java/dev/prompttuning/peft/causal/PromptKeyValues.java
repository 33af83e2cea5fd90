package dev.prompttuning.peft.causal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.peft.method.PeftType;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.model.Backbone;
import dev.prompttuning.transformers.model.KeyValue;
import dev.prompttuning.transformers.model.KeyValues;
import dev.prompttuning.transformers.model.ModelConfig;
import dev.prompttuning.transformers.model.TokenLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns prompts into keys and values. Virtual tokens see only each other, so theirs depend on nothing else: they are computed
 * once, and every row or request starts behind them.
 */
public final class PromptKeyValues {

    private PromptKeyValues() {}

    /** Keys and values of an adapter's {@code prompt_embeddings}, one lane, differentiable. */
    public static KeyValues of(Backbone model, PeftType type, NDArray promptEmbeddings) {
        return type.isKeyValues()
                ? unfolded(promptEmbeddings, model.config())
                : computed(model, promptEmbeddings.expandDims(0));
    }

    /** Runs embeddings {@code [1, length, hidden]} through the model. */
    public static KeyValues computed(Backbone model, NDArray embeddings) {
        int length = (int) embeddings.getShape().get(1);
        return model.forwardKeeping(embeddings, TokenLayout.causal(1, 0, length), KeyValues.NONE)
                .keyValues();
    }

    /**
     * PEFT's layout of a prefix: a row holds, layer by layer, first the key and then the value, {@code [n, layers * 2 * kvHeads
     * * headDim]}. Keys are taken as they are, without rotation.
     */
    static KeyValues unfolded(NDArray flat, ModelConfig config) {
        int length = (int) flat.getShape().get(0);
        try (Scope scope = Scope.open()) {
            NDArray slots = flat.reshape(length, 2L * config.numLayers(), config.numKeyValueHeads(), config.headDim())
                    .transpose(1, 2, 0, 3);
            List<KeyValue> layers = new ArrayList<>();
            for (int layer = 0; layer < config.numLayers(); layer++) {
                layers.add(new KeyValue(
                        scope.keep(slots.get(2L * layer).expandDims(0)),
                        scope.keep(slots.get(2L * layer + 1).expandDims(0))));
            }
            return new KeyValues(layers, length);
        }
    }

    /** The inverse of {@link #unfolded}. */
    public static NDArray folded(KeyValues keyValues) {
        try (Scope scope = Scope.open()) {
            NDList slots = new NDList();
            for (KeyValue layer : keyValues.layers()) {
                slots.add(layer.key());
                slots.add(layer.value());
            }
            NDArray all = NDArrays.concat(slots, 0);
            Shape shape = all.getShape();
            return scope.keep(
                    all.transpose(2, 0, 1, 3).reshape(shape.get(2), shape.get(0) * shape.get(1) * shape.get(3)));
        }
    }
}
