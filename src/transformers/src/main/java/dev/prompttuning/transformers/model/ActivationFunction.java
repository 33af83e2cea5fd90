package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;

/** What stands between the linear maps of a feed-forward block. */
@FunctionalInterface
public interface ActivationFunction {

    NDArray apply(NDArray input);

    /** The function that a field of {@code config.json} names. */
    static ActivationFunction of(ConfigReader config, String field, String name) {
        return switch (name) {
            case "gelu" -> Activation::gelu;
            case "gelu_new", "gelu_pytorch_tanh" -> Gelu::tanh;
            case "relu" -> Activation::relu;
            case "silu", "swish" -> input -> Activation.sigmoid(input).mul(input);
            case "tanh" -> NDArray::tanh;
            default -> throw config.unsupported(field, name, "gelu, gelu_new, relu, silu, tanh");
        };
    }
}
