package dev.prompttuning.operator;

import io.smallrye.config.WithDefault;

/** The images of pods that name none. */
public interface Images {

    /** For pods that ask for no GPU. */
    @WithDefault("ghcr.io/prompttuning/trainer:0.1.0-cpu")
    String trainerCpu();

    /** For pods that ask for {@code nvidia.com/gpu}. */
    @WithDefault("ghcr.io/prompttuning/trainer:0.1.0-cuda")
    String trainerCuda();
}
