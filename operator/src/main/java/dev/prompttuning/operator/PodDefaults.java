package dev.prompttuning.operator;

import io.smallrye.config.ConfigMapping;

/** What the cluster's owner decides about pods whose spec leaves it open. */
@ConfigMapping(prefix = "prompttuning")
public interface PodDefaults {

    /** The images, by flavour. */
    Images images();

    /** Where pods that ask for a GPU run. */
    GpuDefaults gpu();
}
