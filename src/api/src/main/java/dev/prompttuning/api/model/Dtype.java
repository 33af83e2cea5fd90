package dev.prompttuning.api.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The number format in which the frozen weights of a base model are held. */
public enum Dtype {
    /** The format the weight files are stored in, widened to float32 where the device computes faster so. */
    @JsonProperty("Auto")
    AUTO,

    /** IEEE single precision. */
    @JsonProperty("Float32")
    FLOAT32,

    /** Brain float: float32 with a 7-bit mantissa. */
    @JsonProperty("BFloat16")
    BFLOAT16,

    /** IEEE half precision. */
    @JsonProperty("Float16")
    FLOAT16
}
