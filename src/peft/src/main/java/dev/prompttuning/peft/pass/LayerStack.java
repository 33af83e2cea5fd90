package dev.prompttuning.peft.pass;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.model.Backbone;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.KeyValue;
import dev.prompttuning.transformers.model.KeyValues;
import dev.prompttuning.transformers.model.LayerWorkspace;
import dev.prompttuning.transformers.model.Sight;
import dev.prompttuning.transformers.model.TokenLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One pass through a model's layers in which each layer's recording is its own, so that gradients go back one layer at a time:
 * either layers are recorded at once, or only their inputs are remembered and they run again (gradient checkpointing, Chen et al.
 * 2016). In both cases no more than one layer's packed weights exist in single precision.
 */
public final class LayerStack {

    private final Backbone model;
    private final LayerDraws draws;
    private final Sight sight;
    private final KeyValues past;
    private final NDArray entered;
    private final List<Layer> layers = new ArrayList<>();
    private final NDArray last;

    private LayerStack(
            Backbone model, LayerDraws draws, NDArray embeddings, Sight sight, KeyValues past, boolean recompute) {
        this.model = model;
        this.draws = draws;
        this.past = past;
        this.sight = sight;
        this.entered = model.enter(embeddings, sight);
        NDArray hidden = entered;
        for (int index = 0; index < model.config().numLayers(); index++) {
            Layer layer = recompute ? remembered(index, hidden) : recorded(index, hidden);
            layers.add(layer);
            hidden = layer.output();
        }
        this.last = hidden;
    }

    /** Computes layers once and remembers what their gradients need. */
    static LayerStack recorded(Backbone model, NDArray embeddings, Sight sight, KeyValues past) {
        return new LayerStack(model, LayerDraws.NONE, embeddings, sight, past, false);
    }

    /** Remembers layers' inputs and computes them again for their gradients. */
    static LayerStack recomputed(Backbone model, LayerDraws draws, NDArray embeddings, Sight sight, KeyValues past) {
        return new LayerStack(model, draws, embeddings, sight, past, true);
    }

    /** The pass of a prompt's virtual tokens {@code [n, hidden]}, which see only each other. */
    public static LayerStack ofVirtualTokens(Backbone model, NDArray virtualTokens) {
        TokenLayout layout =
                TokenLayout.causal(1, 0, (int) virtualTokens.getShape().get(0));
        return recorded(model, virtualTokens.expandDims(0), model.sight(layout, 0), KeyValues.NONE);
    }

    /** What went into the first layer, with the recording that it came from. */
    NDArray entered() {
        return entered;
    }

    /** What came out of the last layer. */
    NDArray last() {
        return last;
    }

    /** The keys and values of all layers' own tokens; of recorded layers only. */
    public KeyValues keyValues() {
        return new KeyValues(layers.stream().map(Layer::keyValue).toList(), (int)
                entered.getShape().get(1));
    }

    /**
     * Computes the gradient at {@link #entered}, and adds to those of parameters and of the past.
     *
     * @param gradient at what came out of the last layer; null for none
     * @param ofKeyValues at {@link #keyValues}; {@link KeyValues#NONE} for none
     */
    NDArray backward(NDArray gradient, KeyValues ofKeyValues) {
        NDArray at = gradient;
        for (int index = layers.size() - 1; index >= 0; index--) {
            at = layers.get(index)
                    .backward(
                            at,
                            ofKeyValues.length() == 0
                                    ? null
                                    : ofKeyValues.layers().get(index));
        }
        return at;
    }

    private Layer remembered(int index, NDArray input) {
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            draws.before(index);
            return new Remembered(
                    index,
                    input,
                    scope.keep(model.layer(index, input, sight, past).hidden()));
        }
    }

    private Layer recorded(int index, NDArray input) {
        Optional<LayerWorkspace.Layer> matrices = model.workspace().map(LayerWorkspace::fill);
        try (Scope scope = Scope.open()) {
            NDArray leaf = scope.keep(Autograd.leaf(input));
            Decoder.Output output = model.layer(index, leaf, sight, past);
            scope.keep(output.hidden());
            if (past.length() == 0) {
                scope.keep(output.inSight().key());
                scope.keep(output.inSight().value());
            }
            return new Recorded(leaf, output, matrices);
        } finally {
            matrices.ifPresent(LayerWorkspace.Layer::close);
        }
    }

    private static NDArray backward(Decoder.Output output, NDArray gradient, KeyValue ofKeyValue, NDArray input) {
        if (ofKeyValue == null) {
            Autograd.backward(output.hidden(), gradient);
        } else {
            NDArray sum = product(output.inSight().key(), ofKeyValue.key())
                    .add(product(output.inSight().value(), ofKeyValue.value()));
            Autograd.backward(gradient == null ? sum : sum.add(product(output.hidden(), gradient)));
        }
        return input.getGradient();
    }

    /** A scalar whose gradient at {@code array} is {@code gradient}. */
    static NDArray product(NDArray array, NDArray gradient) {
        return array.mul(gradient).sum();
    }

    private interface Layer {

        NDArray output();

        KeyValue keyValue();

        /** From the gradients at a layer's results, of which one may be null, to that at its input. */
        NDArray backward(NDArray gradient, KeyValue ofKeyValue);
    }

    private final class Remembered implements Layer {
        private final int index;
        private final NDArray input;
        private final NDArray output;

        Remembered(int index, NDArray input, NDArray output) {
            this.index = index;
            this.input = input;
            this.output = output;
        }

        @Override
        public NDArray output() {
            return output;
        }

        @Override
        public KeyValue keyValue() {
            throw new UnsupportedOperationException("Keys and values are not remembered.");
        }

        @Override
        public NDArray backward(NDArray gradient, KeyValue ofKeyValue) {
            try (Scope scope = Scope.open()) {
                draws.before(index);
                NDArray leaf = Autograd.leaf(input);
                Decoder.Output again = model.layer(index, leaf, sight, past);
                return scope.keep(LayerStack.backward(again, gradient, ofKeyValue, leaf));
            }
        }
    }

    private record Recorded(NDArray input, Decoder.Output results, Optional<LayerWorkspace.Layer> matrices)
            implements Layer {

        @Override
        public NDArray output() {
            return results.hidden();
        }

        @Override
        public KeyValue keyValue() {
            return results.inSight();
        }

        @Override
        public NDArray backward(NDArray gradient, KeyValue ofKeyValue) {
            try (Scope scope = Scope.open()) {
                matrices.ifPresent(LayerWorkspace.Layer::restore);
                NDArray at = scope.keep(LayerStack.backward(results, gradient, ofKeyValue, input));
                // What was recorded is not needed any more.
                results.hidden().close();
                return at;
            }
        }
    }
}
