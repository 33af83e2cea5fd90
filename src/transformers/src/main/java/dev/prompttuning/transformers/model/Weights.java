package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.kernel.Processor;
import dev.prompttuning.transformers.safetensors.TensorSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A model's weights by name: each is looked up, checked against the shape that the configuration asks for, and remembered. */
public final class Weights {

    private final TensorSource tensors;
    private final String where;
    private final NDManager manager;
    private final boolean trainable;
    private final Precision precision;
    private final boolean packs;
    private final LayerWorkspace workspace;
    private final Map<String, NDArray> loaded;
    private final Map<String, PackedMatrix> packed;
    private final LinearAdapter adapter;
    private final String absentPrefix;
    private final Map<LinearMap, Linear> linears;

    /**
     * For the processor of this machine.
     *
     * @param where how the model's folder is named in messages
     * @param precision of linear maps and embeddings; trainable ones must be {@link Precision#FLOAT32}
     */
    public Weights(TensorSource tensors, String where, NDManager manager, boolean trainable, Precision precision) {
        this(tensors, where, manager, trainable, precision, Processor.ofMachine());
    }

    /** @param processor decides whether matrices in half precision are multiplied as they are, or in single precision */
    public Weights(
            TensorSource tensors,
            String where,
            NDManager manager,
            boolean trainable,
            Precision precision,
            Processor processor) {
        this.tensors = tensors;
        this.where = where;
        this.manager = manager;
        this.trainable = trainable;
        this.precision = precision;
        this.packs = precision == Precision.INT8 || !manager.getDevice().isGpu() && !processor.multiplies(precision);
        this.workspace = new LayerWorkspace(manager);
        this.packed = new LinkedHashMap<>();
        this.loaded = new LinkedHashMap<>();
        this.linears = new LinkedHashMap<>();
        this.adapter = LinearAdapter.NONE;
        this.absentPrefix = "";
    }

    private Weights(Weights other, LinearAdapter adapter, String absentPrefix) {
        this.tensors = other.tensors;
        this.where = other.where;
        this.manager = other.manager;
        this.trainable = other.trainable;
        this.precision = other.precision;
        this.packs = other.packs;
        this.workspace = other.workspace;
        this.packed = other.packed;
        this.loaded = other.loaded;
        this.linears = other.linears;
        this.adapter = adapter;
        this.absentPrefix = absentPrefix;
    }

    /** The same arrays, of which linear maps are made that {@code with} is composed with. */
    public Weights adapted(LinearAdapter with) {
        return new Weights(this, with, absentPrefix);
    }

    /**
     * For files that may have been written by a bare model, without its head, whose names lack a prefix: the same weights, which
     * are asked for by their names with the prefix.
     *
     * @param probe a name without the prefix, of a tensor that every file has
     */
    public Weights within(String prefix, String probe) {
        return contains(prefix + probe) ? this : new Weights(this, adapter, prefix);
    }

    public boolean contains(String name) {
        return tensors.contains(inFile(name));
    }

    private String inFile(String name) {
        return !absentPrefix.isEmpty() && name.startsWith(absentPrefix) ? name.substring(absentPrefix.length()) : name;
    }

    /**
     * A small weight, such as a norm's, in single precision.
     *
     * @throws InvalidModelException when the tensor is missing or has another shape
     */
    public NDArray get(String name, long... shape) {
        return loaded.computeIfAbsent(inFile(name), absent -> {
            check(absent, new Shape(shape));
            return load(absent);
        });
    }

    /** A matrix in the model's precision. */
    private NDArray matrix(String name, int rows, int columns) {
        if (!precision.isHalf()) {
            return get(name, rows, columns);
        }
        return loaded.computeIfAbsent(inFile(name), absent -> {
            check(absent, new Shape(rows, columns));
            return narrow(absent);
        });
    }

    /** @param transposed whether the file holds {@code [columns, rows]} */
    private PackedMatrix packed(String name, int rows, int columns, boolean transposed) {
        return packed.computeIfAbsent(inFile(name), absent -> {
            check(absent, transposed ? new Shape(columns, rows) : new Shape(rows, columns));
            PackedMatrix matrix = pack(absent, transposed);
            loaded.put(absent, matrix.values());
            return matrix;
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

    /** Reads the file rather than mapping it, as {@link #narrow}. */
    private PackedMatrix pack(String name, boolean transposed) {
        try (NDManager staging = manager.newSubManager()) {
            NDArray wide = tensors.load(name, staging, true);
            PackedMatrix matrix = PackedMatrix.of(transposed ? wide.transpose() : wide, precision, workspace);
            matrix.values().attach(manager);
            if (matrix.scales() != null) {
                matrix.scales().attach(manager);
            }
            return matrix;
        }
    }

    /**
     * A head's weight, in single precision and with a gradient even in a frozen model: the file's, or a new one where it has none.
     *
     * @param start makes the elements of a new one
     */
    public NDArray trained(String name, Supplier<float[]> start, long... shape) {
        return loaded.computeIfAbsent(name, absent -> {
            NDArray array;
            if (tensors.contains(name)) {
                checkHead(name, new Shape(shape));
                array = tensors.load(name, manager, true);
            } else {
                array = manager.create(start.get(), new Shape(shape));
            }
            // Weights outlive whatever scope they are made in.
            NDScope.unregister(array);
            array.setRequiresGradient(true);
            return array;
        });
    }

    private void checkHead(String name, Shape expected) {
        Shape found = new Shape(tensors.info(name).shape());
        if (!found.equals(expected)) {
            throw new InvalidModelException(
                    "%s: the model's own head is for %d labels (tensor %s has shape %s), but %d are asked for; give as many, or take a base model without such a head"
                            .formatted(where, found.get(0), name, found, expected.get(0)));
        }
    }

    /** A table {@code [rows, size]}. */
    public Embedding embedding(String name, int rows, int size) {
        return packs
                ? new Embedding(packed(name, rows, size, false))
                : new Embedding(matrix(name, rows, size), precision);
    }

    /** {@code name.weight} of shape {@code [out, in]} and, where asked for, {@code name.bias}. */
    public Linear linear(String name, int in, int out, boolean bias) {
        LinearMap map = map(name, in, out, false);
        return adapter.adapt(map, linears.computeIfAbsent(map, absent -> {
            NDArray added = bias ? get(name + ".bias", out) : null;
            if (packs) {
                return new Linear.Packed(packed(name + ".weight", out, in, false), added);
            }
            NDArray weight = matrix(name + ".weight", out, in);
            return precision.isHalf()
                    ? new Linear.Half(weight.transpose(), added)
                    : new Linear.Full(weight, added, false);
        }));
    }

    /** GPT-2's Conv1D: a linear map whose weight is stored as {@code [in, out]}. */
    public Linear conv1d(String name, int in, int out) {
        LinearMap map = map(name, in, out, true);
        return adapter.adapt(map, linears.computeIfAbsent(map, absent -> {
            NDArray added = get(name + ".bias", out);
            if (packs) {
                return new Linear.Packed(packed(name + ".weight", out, in, true), added);
            }
            NDArray weight = matrix(name + ".weight", in, out);
            return precision.isHalf() ? new Linear.Half(weight, added) : new Linear.Full(weight, added, true);
        }));
    }

    private LinearMap map(String name, int in, int out, boolean transposed) {
        return new LinearMap(name, inFile(name + ".weight"), in, out, transposed);
    }

    /** The linear maps that were made, in that order; a head that shares its weight with an embedding is none of them. */
    public List<LinearMap> linears() {
        return List.copyOf(linears.keySet());
    }

    public Norm.Rms rmsNorm(String name, int size, double epsilon) {
        return new Norm.Rms(get(name + ".weight", size), (float) epsilon);
    }

    /** {@code name.weight} and {@code name.bias}, or, in files that came from TensorFlow, {@code name.gamma} and {@code name.beta}. */
    public Norm.Layer layerNorm(String name, int size, double epsilon) {
        if (!contains(name + ".weight") && contains(name + ".gamma")) {
            return new Norm.Layer(get(name + ".gamma", size), get(name + ".beta", size), (float) epsilon);
        }
        return new Norm.Layer(get(name + ".weight", size), get(name + ".bias", size), (float) epsilon);
    }

    /** Whether linear maps multiply in float16. */
    boolean hasHalfProducts() {
        return precision == Precision.FLOAT16 && !packs;
    }

    /** Where packed matrices are decoded in training; empty where there are none. */
    public Optional<LayerWorkspace> workspace() {
        return packs ? Optional.of(workspace) : Optional.empty();
    }

    /** Everything looked up so far, in that order; packed matrices as {@link PackedMatrix#values}. */
    public Map<String, NDArray> loaded() {
        return Collections.unmodifiableMap(loaded);
    }
}
