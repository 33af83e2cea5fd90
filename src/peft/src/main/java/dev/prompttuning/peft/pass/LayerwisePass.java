package dev.prompttuning.peft.pass;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.model.Backbone;
import dev.prompttuning.transformers.model.KeyValue;
import dev.prompttuning.transformers.model.KeyValues;
import dev.prompttuning.transformers.model.PositionBias;
import dev.prompttuning.transformers.model.Sight;

/**
 * A forward pass and a backward pass that goes layer by layer: for gradient checkpointing, and for models with packed weights. Keys
 * and values of a prefix are treated as one more input of each layer, so prefixes are no exception.
 */
public final class LayerwisePass {

    private final Backbone model;
    private final boolean recompute;
    private final boolean random;

    /**
     * @param recompute whether layers run again in the backward pass
     * @param random whether layers draw random numbers, which must be the same ones when they run again
     */
    public LayerwisePass(Backbone model, boolean recompute, boolean random) {
        this.model = model;
        this.recompute = recompute;
        this.random = random;
    }

    /** The loss, after {@code scale} times its gradient has gone back to the parameters. */
    public Loss train(Start start, LossStep head, double scale) {
        Sight given = model.sight(start.layout(), start.past().length());
        Sight sight = leaf(given);
        KeyValues past = leaves(start.past());
        LayerStack layers = recompute
                ? LayerStack.recomputed(
                        model,
                        random ? LayerDraws.seeded(model.manager()) : LayerDraws.NONE,
                        start.embeddings(),
                        sight,
                        past)
                : LayerStack.recorded(model, start.embeddings(), sight, past);
        NDArray last = Autograd.leaf(layers.last());
        Loss loss;
        try (Scope scope = Scope.open()) {
            loss = head.train(model.leave(last), scale);
        }
        NDArray gradient = layers.backward(last.getGradient(), KeyValues.NONE);
        if (start.virtual() != null) {
            finish(start.virtual(), gradients(past));
        } else if (start.trained()) {
            finish(layers.entered(), gradient, start.past(), past);
        }
        if (sight != given) {
            Autograd.backward(given.mask(), sight.mask().getGradient());
        }
        return loss;
    }

    /** Hands the gradient at the keys and values of virtual tokens to the prompt. */
    private static void finish(LayerStack virtual, KeyValues gradients) {
        NDArray gradient = virtual.backward(null, gradients);
        Autograd.backward(virtual.entered(), gradient);
    }

    /** Hands the gradients at the first layer's input, and at the prefix, to what they were computed from. */
    private static void finish(NDArray entered, NDArray gradient, KeyValues past, KeyValues leaves) {
        NDArray sum = LayerStack.product(entered, gradient);
        for (int layer = 0; layer < past.layers().size(); layer++) {
            KeyValue source = past.layers().get(layer);
            KeyValue leaf = leaves.layers().get(layer);
            sum = sum.add(LayerStack.product(source.key(), leaf.key().getGradient()))
                    .add(LayerStack.product(source.value(), leaf.value().getGradient()));
        }
        Autograd.backward(sum);
    }

    /** Where what is added to scores is computed from trained weights, it is one more input of each layer. */
    private Sight leaf(Sight sight) {
        boolean trained =
                model.positioning().bias().filter(PositionBias::isTrained).isPresent();
        return trained ? sight.withMask(Autograd.leaf(sight.mask())) : sight;
    }

    private static KeyValues leaves(KeyValues past) {
        return new KeyValues(
                past.layers().stream()
                        .map(layer -> new KeyValue(Autograd.leaf(layer.key()), Autograd.leaf(layer.value())))
                        .toList(),
                past.length());
    }

    private static KeyValues gradients(KeyValues leaves) {
        return new KeyValues(
                leaves.layers().stream()
                        .map(layer -> new KeyValue(
                                layer.key().getGradient(), layer.value().getGradient()))
                        .toList(),
                leaves.length());
    }
}
