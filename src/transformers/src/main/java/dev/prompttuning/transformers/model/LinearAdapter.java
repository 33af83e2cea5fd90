package dev.prompttuning.transformers.model;

/** Composes a model's linear maps with something, such as LoRA's low-rank additions, when the model is put together. */
@FunctionalInterface
public interface LinearAdapter {

    /** Every map as it is. */
    LinearAdapter NONE = (map, linear) -> linear;

    /** @return what takes the place of {@code linear}; often it itself */
    Linear adapt(LinearMap map, Linear linear);
}
