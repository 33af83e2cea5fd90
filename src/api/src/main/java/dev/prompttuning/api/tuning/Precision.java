package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The number format of activations and gradients. */
public enum Precision {
    /** That of {@code baseModel.dtype}; Float32 where it is Auto too. */
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
