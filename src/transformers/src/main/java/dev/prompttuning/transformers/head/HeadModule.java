package dev.prompttuning.transformers.head;

import ai.djl.ndarray.NDArray;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A part of a model that is trained and saved whole.
 *
 * @param name in Hugging Face's model class, such as {@code classifier}
 * @param tensors by their names in the module, such as {@code out_proj.weight}
 */
public record HeadModule(String name, Map<String, NDArray> tensors) {

    public HeadModule {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }
}
