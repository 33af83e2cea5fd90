package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.safetensors.SafeTensors;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model's weights by name: each is looked up, checked against the shape that the configuration asks for, and remembered. */
public final class Weights {

    private final SafeTensors tensors;
    private final String where;
    private final NDManager manager;
    private final boolean trainable;
    private final Map<String, NDArray> loaded = new LinkedHashMap<>();

    /** @param where how the model's folder is named in messages */
    public Weights(SafeTensors tensors, String where, NDManager manager, boolean trainable) {
        this.tensors = tensors;
        this.where = where;
        this.manager = manager;
        this.trainable = trainable;
    }

    public boolean contains(String name) {
        return tensors.contains(name);
    }

    /** @throws InvalidModelException when the tensor is missing or has another shape */
    public NDArray get(String name, long... shape) {
        return loaded.computeIfAbsent(name, absent -> load(absent, new Shape(shape)));
    }

    private NDArray load(String name, Shape expected) {
        if (!tensors.contains(name)) {
            throw new InvalidModelException("%s: tensor %s is missing".formatted(where, name));
        }
        Shape found = new Shape(tensors.info(name).shape());
        if (!found.equals(expected)) {
            throw new InvalidModelException(
                    "%s: tensor %s has shape %s, but config.json asks for %s".formatted(where, name, found, expected));
        }
        NDArray array = trainable ? tensors.load(name, manager, true) : tensors.load(name, manager);
        if (trainable) {
            array.setRequiresGradient(true);
        }
        return array;
    }

    /** {@code name.weight} of shape {@code [out, in]} and, where asked for, {@code name.bias}. */
    public Linear linear(String name, int in, int out, boolean bias) {
        return new Linear(get(name + ".weight", out, in), bias ? get(name + ".bias", out) : null, false);
    }

    /** GPT-2's Conv1D: a linear map whose weight is stored as {@code [in, out]}. */
    public Linear conv1d(String name, int in, int out) {
        return new Linear(get(name + ".weight", in, out), get(name + ".bias", out), true);
    }

    public Norm.Rms rmsNorm(String name, int size, double epsilon) {
        return new Norm.Rms(get(name + ".weight", size), (float) epsilon);
    }

    public Norm.Layer layerNorm(String name, int size, double epsilon) {
        return new Norm.Layer(get(name + ".weight", size), get(name + ".bias", size), (float) epsilon);
    }

    /** Everything looked up so far, in that order. */
    public Map<String, NDArray> loaded() {
        return Collections.unmodifiableMap(loaded);
    }
}
