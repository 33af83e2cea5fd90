package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The number format of activations and gradients. */
public enum Precision {
    /** Float32 on a CPU, BFloat16 on a GPU that has it. */
    @JsonProperty("Auto")
    AUTO,

    /** IEEE single precision. */
    @JsonProperty("Float32")
    FLOAT32,

    /** Brain float. */
    @JsonProperty("BFloat16")
    BFLOAT16,

    /** IEEE half precision. */
    @JsonProperty("Float16")
    FLOAT16
}
