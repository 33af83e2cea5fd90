package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.kernel.Precision;
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
    private final Precision precision;
    private final Map<String, NDArray> loaded = new LinkedHashMap<>();

    /**
     * @param where how the model's folder is named in messages
     * @param precision of linear maps and embeddings; trainable ones must be {@link Precision#FLOAT32}
     */
    public Weights(SafeTensors tensors, String where, NDManager manager, boolean trainable, Precision precision) {
        this.tensors = tensors;
        this.where = where;
        this.manager = manager;
        this.trainable = trainable;
        this.precision = precision;
    }

    public boolean contains(String name) {
        return tensors.contains(name);
    }

    /**
     * A small weight, such as a norm's, in single precision.
     *
     * @throws InvalidModelException when the tensor is missing or has another shape
     */
    public NDArray get(String name, long... shape) {
        return loaded.computeIfAbsent(name, absent -> {
            check(absent, new Shape(shape));
            return load(absent);
        });
    }

    /** A matrix in the model's precision. */
    private NDArray matrix(String name, int rows, int columns) {
        if (!precision.isHalf()) {
            return get(name, rows, columns);
        }
        return loaded.computeIfAbsent(name, absent -> {
            check(absent, new Shape(rows, columns));
            return narrow(absent);
        });
    }

    private void check(String name, Shape expected) {
        if (!tensors.contains(name)) {
            throw new InvalidModelException("%s: tensor %s is missing".formatted(where, name));
        }
        Shape found = new Shape(tensors.info(name).shape());
        if (!found.equals(expected)) {
            throw new InvalidModelException(
                    "%s: tensor %s has shape %s, but config.json asks for %s".formatted(where, name, found, expected));
        }
    }

    private NDArray load(String name) {
        NDArray array = trainable ? tensors.load(name, manager, true) : tensors.load(name, manager);
        if (trainable) {
            array.setRequiresGradient(true);
        }
        return array;
    }

    /** Reads the file rather than mapping it, so that no more than one tensor is ever held in single precision. */
    private NDArray narrow(String name) {
        try (NDManager staging = manager.newSubManager()) {
            NDArray narrow = precision.of(tensors.load(name, staging, true));
            narrow.attach(manager);
            return narrow;
        }
    }

    /** A table {@code [rows, size]}. */
    public Embedding embedding(String name, int rows, int size) {
        return new Embedding(matrix(name, rows, size), precision);
    }

    /** {@code name.weight} of shape {@code [out, in]} and, where asked for, {@code name.bias}. */
    public Linear linear(String name, int in, int out, boolean bias) {
        NDArray weight = matrix(name + ".weight", out, in);
        NDArray added = bias ? get(name + ".bias", out) : null;
        return precision.isHalf() ? new Linear.Half(weight.transpose(), added) : new Linear.Full(weight, added, false);
    }

    /** GPT-2's Conv1D: a linear map whose weight is stored as {@code [in, out]}. */
    public Linear conv1d(String name, int in, int out) {
        NDArray weight = matrix(name + ".weight", in, out);
        NDArray added = get(name + ".bias", out);
        return precision.isHalf() ? new Linear.Half(weight, added) : new Linear.Full(weight, added, true);
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
