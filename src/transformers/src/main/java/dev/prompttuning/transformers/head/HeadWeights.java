package dev.prompttuning.transformers.head;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.Linear;
import dev.prompttuning.transformers.model.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Makes the linear maps of a head. A new one starts as Hugging Face's do, from N(0, initializer_range²) without bias; its values
 * depend on the seed and the name only.
 */
public final class HeadWeights {

    private final Weights weights;
    private final double deviation;
    private final long seed;
    private final Map<String, Map<String, NDArray>> modules = new LinkedHashMap<>();

    HeadWeights(Weights weights, ConfigReader config, long seed) {
        this.weights = weights;
        this.deviation = config.number("initializer_range", 0.02);
        this.seed = seed;
    }

    /** A module that is one linear map. */
    public Linear linear(String module, int in, int out, boolean bias) {
        return linear(module, "", in, out, bias);
    }

    /**
     * A linear map in a module.
     *
     * @param prefix of its tensors' names in the module, such as {@code dense.}
     */
    public Linear linear(String module, String prefix, int in, int out, boolean bias) {
        NDArray weight = tensor(module, prefix + "weight", deviation, out, in);
        return new Linear.Full(weight, bias ? tensor(module, prefix + "bias", 0, out) : null, false);
    }

    private NDArray tensor(String module, String name, double spread, long... shape) {
        NDArray tensor = weights.trained(module + "." + name, () -> drawn(module + "." + name, spread, shape), shape);
        modules.computeIfAbsent(module, absent -> new LinkedHashMap<>()).put(name, tensor);
        return tensor;
    }

    private float[] drawn(String name, double spread, long... shape) {
        Random random = new Random(seed * 31 + name.hashCode());
        int count = 1;
        for (long size : shape) {
            count = Math.multiplyExact(count, Math.toIntExact(size));
        }
        float[] drawn = new float[count];
        for (int i = 0; i < count; i++) {
            drawn[i] = (float) (random.nextGaussian() * spread);
        }
        return drawn;
    }

    /** All that were made. */
    public List<HeadModule> modules() {
        List<HeadModule> all = new ArrayList<>();
        modules.forEach((name, tensors) -> all.add(new HeadModule(name, tensors)));
        return all;
    }
}
