package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Memory for one layer's packed matrices in single precision, which all layers take in turns while a model is trained: a layer's
 * recording keeps what it multiplied with, and were that memory of its own, all layers' would be there at once.
 *
 * <p>So each layer has a recording of its own, made while it fills the workspace, and the layer's matrices are put
 * back before its gradient is computed. For one thread.
 */
public final class LayerWorkspace {

    private final NDManager manager;
    private final Map<Shape, List<NDArray>> places = new HashMap<>();
    private Layer filling;

    /** @param manager of the model, for the workspace lasts as long */
    LayerWorkspace(NDManager manager) {
        this.manager = manager;
    }

    /** A layer fills the workspace until what is returned is closed. */
    public Layer fill() {
        if (filling != null) {
            throw new IllegalStateException("Another layer is being recorded.");
        }
        filling = new Layer();
        return filling;
    }

    boolean isFilling() {
        return filling != null;
    }

    NDArray hold(PackedMatrix matrix) {
        filling.matrices.add(matrix);
        return decode(filling.matrices, filling.matrices.size() - 1);
    }

    /** The matrix in the place that is its own among those of its shape in the layer. */
    private NDArray decode(List<PackedMatrix> layer, int index) {
        PackedMatrix matrix = layer.get(index);
        Shape shape = matrix.values().getShape();
        List<NDArray> ofShape = places.computeIfAbsent(shape, absent -> new ArrayList<>());
        int place = (int) layer.subList(0, index).stream()
                .filter(other -> other.values().getShape().equals(shape))
                .count();
        if (place == ofShape.size()) {
            NDArray made = manager.create(shape, DataType.FLOAT32);
            NDScope.unregister(made);
            ofShape.add(made);
        }
        return matrix.decodedInto(ofShape.get(place));
    }

    /** What one layer multiplied with. */
    public final class Layer implements AutoCloseable {
        private final List<PackedMatrix> matrices = new ArrayList<>();

        private Layer() {}

        /** Puts the layer's matrices back where its recording expects them. */
        public void restore() {
            for (int i = 0; i < matrices.size(); i++) {
                decode(matrices, i).close();
            }
        }

        /** The layer is recorded; its matrices may be overwritten. */
        @Override
        public void close() {
            filling = null;
        }
    }
}
