package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.transformers.engine.NativeArrays;
import java.nio.FloatBuffer;

/**
 * Rotary position embedding (Su et al. 2021) in the layout of Hugging Face: a head's first half is paired with its second half.
 *
 * @param inverseFrequencies radians a position turns each pair, {@code [headDim / 2]}
 */
public record Rotary(double[] inverseFrequencies) {

    /** Cosines and sines of every token, each {@code [batch, seq, 1, headDim / 2]}. */
    public record Angles(NDArray cos, NDArray sin) {

        /** Rotates {@code [batch, seq, heads, headDim]}. */
        public NDArray rotate(NDArray heads) {
            NDList halves = heads.split(2, 3);
            NDArray first = halves.get(0);
            NDArray second = halves.get(1);
            return first.mul(cos).sub(second.mul(sin)).concat(second.mul(cos).add(first.mul(sin)), 3);
        }
    }

    /** Reads {@code rope_parameters}, or the older {@code rope_theta} and {@code rope_scaling}. */
    public static Rotary of(ConfigReader config, int headDim) {
        JsonNode parameters = config.node("rope_parameters");
        JsonNode scaling = parameters.isObject() ? parameters : config.node("rope_scaling");
        double theta =
                scaling.has("rope_theta") ? scaling.get("rope_theta").asDouble() : config.number("rope_theta", 10_000);
        double[] frequencies = new double[headDim / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = Math.pow(theta, -2.0 * i / headDim);
        }
        String type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
        switch (type) {
            case "default" -> {}
            case "linear" -> scaleLinearly(frequencies, factor(config, scaling, "factor"));
            case "llama3" -> scaleLikeLlama3(frequencies, config, scaling);
            default -> throw config.unsupported("rope_type", type, "default, linear and llama3");
        }
        return new Rotary(frequencies);
    }

    private static void scaleLinearly(double[] frequencies, double factor) {
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] /= factor;
        }
    }

    /** Llama 3.1: long waves are slowed down by {@code factor}, short ones kept, those between blended. */
    private static void scaleLikeLlama3(double[] frequencies, ConfigReader config, JsonNode scaling) {
        double factor = factor(config, scaling, "factor");
        double low = factor(config, scaling, "low_freq_factor");
        double high = factor(config, scaling, "high_freq_factor");
        double original = factor(config, scaling, "original_max_position_embeddings");
        for (int i = 0; i < frequencies.length; i++) {
            double turns = original * frequencies[i] / (2 * Math.PI);
            double kept = Math.min(1, Math.max(0, (turns - low) / (high - low)));
            frequencies[i] = kept * frequencies[i] + (1 - kept) * frequencies[i] / factor;
        }
    }

    private static double factor(ConfigReader config, JsonNode scaling, String name) {
        if (!scaling.path(name).isNumber()) {
            throw config.missing("rope_parameters." + name);
        }
        return scaling.get(name).asDouble();
    }

    /** The angles of a layout's tokens. */
    public Angles angles(NDManager manager, TokenLayout layout) {
        int half = inverseFrequencies.length;
        int lanes = layout.lanes();
        int length = layout.length();
        FloatBuffer cos = FloatBuffer.allocate(lanes * length * half);
        FloatBuffer sin = FloatBuffer.allocate(lanes * length * half);
        for (int[] lane : layout.positions()) {
            for (int position : lane) {
                for (double frequency : inverseFrequencies) {
                    // Hugging Face multiplies in single precision; the products must be the same ones.
                    float angle = position * (float) frequency;
                    cos.put((float) Math.cos(angle));
                    sin.put((float) Math.sin(angle));
                }
            }
        }
        Shape shape = new Shape(lanes, length, 1, half);
        return new Angles(NativeArrays.of(manager, cos.flip(), shape), NativeArrays.of(manager, sin.flip(), shape));
    }
}
