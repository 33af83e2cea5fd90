package dev.prompttuning.transformers.t5;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.model.ActivationFunction;
import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.Linear;
import dev.prompttuning.transformers.model.Norm;
import dev.prompttuning.transformers.model.Weights;

/** {@code h += wo(act(wi(norm(h))))}, or, gated (Shazeer 2020), {@code h += wo(act(wi_0(norm(h))) * wi_1(norm(h)))}. */
final class T5FeedForward {

    private static final String FIELD = "feed_forward_proj";
    private static final String GATED = "gated-";

    private final Norm norm;
    private final ActivationFunction activation;
    private final Linear in;
    /** Null where nothing is gated. */
    private final Linear gated;

    private final Linear out;

    /** @param layer such as {@code encoder.block.0.layer.1} */
    T5FeedForward(ConfigReader config, Weights weights, String layer) {
        int hidden = config.integer("d_model");
        int inner = config.integer("d_ff");
        String kind = config.text(FIELD, "relu");
        boolean hasGate = kind.startsWith(GATED);
        String name = layer + ".DenseReluDense.";
        norm = T5.norm(config, weights, layer + ".layer_norm");
        activation = ActivationFunction.of(config, FIELD, activation(kind));
        in = weights.linear(name + (hasGate ? "wi_0" : "wi"), hidden, inner, false);
        gated = hasGate ? weights.linear(name + "wi_1", hidden, inner, false) : null;
        out = weights.linear(name + "wo", inner, hidden, false);
    }

    /** Hugging Face takes the approximated function wherever a configuration says "gated-gelu". */
    private static String activation(String kind) {
        return kind.equals("gated-gelu") ? "gelu_new" : kind.substring(kind.startsWith(GATED) ? GATED.length() : 0);
    }

    NDArray apply(NDArray hidden) {
        NDArray normed = norm.apply(hidden);
        NDArray active = activation.apply(in.apply(normed));
        return hidden.add(out.apply(gated == null ? active : active.mul(gated.apply(normed))));
    }
}
