package dev.prompttuning.peft.pass;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.model.Backbone;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.KeyValue;
import dev.prompttuning.transformers.model.KeyValues;
import dev.prompttuning.transformers.model.PositionBias;
import dev.prompttuning.transformers.model.Sight;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradient checkpointing layer by layer (Chen et al. 2016): the forward pass remembers only each layer's input; the backward pass
 * runs each layer again. Keys and values of a prefix are treated as one more input of each layer, so prefixes are no exception.
 */
public final class RecomputedPass {

    private final Backbone model;
    private final LayerDraws draws;

    /** @param random whether layers draw random numbers, which must be the same ones when they run again */
    public RecomputedPass(Backbone model, boolean random) {
        this.model = model;
        this.draws = random ? LayerDraws.seeded(model.manager()) : LayerDraws.NONE;
    }

    /** The loss, after {@code scale} times its gradient has gone back to the parameters. */
    public Loss train(Start start, LossStep head, double scale) {
        Sight given = model.sight(start.layout(), start.past().length());
        Sight sight = leaf(given);
        KeyValues past = leaves(start.past());
        NDArray entered = model.enter(start.embeddings(), sight);
        List<NDArray> inputs = remember(entered, sight, past);
        NDArray last = Autograd.leaf(inputs.remove(inputs.size() - 1));
        Loss loss;
        try (Scope scope = Scope.open()) {
            loss = head.train(model.leave(last), scale);
        }
        NDArray gradient = last.getGradient();
        for (int layer = inputs.size() - 1; layer >= 0; layer--) {
            gradient = backward(layer, inputs.get(layer), sight, past, gradient);
        }
        if (start.trained()) {
            finish(entered, gradient, start.past(), past);
        }
        if (sight != given) {
            Autograd.backward(given.mask(), sight.mask().getGradient());
        }
        return loss;
    }

    /** Inputs of all layers and the output of the last. */
    private List<NDArray> remember(NDArray entered, Sight sight, KeyValues past) {
        try (Autograd off = Autograd.off()) {
            List<NDArray> inputs = new ArrayList<>();
            inputs.add(entered);
            for (int layer = 0; layer < model.config().numLayers(); layer++) {
                try (Scope scope = Scope.open()) {
                    draws.before(layer);
                    inputs.add(scope.keep(
                            model.layer(layer, inputs.get(layer), sight, past).hidden()));
                }
            }
            return inputs;
        }
    }

    private NDArray backward(int layer, NDArray input, Sight sight, KeyValues past, NDArray gradient) {
        try (Scope scope = Scope.open()) {
            draws.before(layer);
            NDArray leaf = Autograd.leaf(input);
            Decoder.Output output = model.layer(layer, leaf, sight, past);
            Autograd.backward(output.hidden(), gradient);
            return scope.keep(leaf.getGradient());
        }
    }

    /** Hands the gradients at the first layer's input, and at the prefix, to what they were computed from. */
    private static void finish(NDArray entered, NDArray gradient, KeyValues past, KeyValues leaves) {
        NDArray sum = entered.mul(gradient).sum();
        for (int layer = 0; layer < past.layers().size(); layer++) {
            KeyValue source = past.layers().get(layer);
            KeyValue leaf = leaves.layers().get(layer);
            sum = sum.add(source.key().mul(leaf.key().getGradient()).sum())
                    .add(source.value().mul(leaf.value().getGradient()).sum());
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
}
