package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Keys and values of tokens that stand at positions 0 to {@code length - 1} and that every later token sees: a soft prompt, or
 * the history of a sequence that is being decoded.
 *
 * @param layers one entry a layer
 * @param length number of tokens
 */
public record KeyValues(List<KeyValue> layers, int length) implements AutoCloseable {

    /** Nothing in front. */
    public static final KeyValues NONE = new KeyValues(List.of(), 0);

    public KeyValues {
        layers = List.copyOf(layers);
    }

    /** The same keys and values for other lanes: lane {@code i} continues lane {@code sourceLanes[i]}. */
    public KeyValues reordered(int[] sourceLanes) {
        long[] lanes = Arrays.stream(sourceLanes).asLongStream().toArray();
        try (NDArray index = layers.get(0).key().getManager().create(lanes)) {
            return mapped(array -> array.get(index));
        }
    }

    /** Takes the arrays out of any scope and gives them to {@code owner}. They must not be part of a recorded graph. */
    public KeyValues ownedBy(NDManager owner) {
        return mapped(array -> {
            NDScope.unregister(array);
            array.attach(owner);
            return array;
        });
    }

    private KeyValues mapped(UnaryOperator<NDArray> change) {
        return new KeyValues(
                layers.stream()
                        .map(layer -> new KeyValue(change.apply(layer.key()), change.apply(layer.value())))
                        .toList(),
                length);
    }

    /** Bytes held by keys and values, for four bytes an element. */
    public long bytes() {
        return layers.stream()
                .mapToLong(layer -> 4
                        * (layer.key().getShape().size()
                                + layer.value().getShape().size()))
                .sum();
    }

    @Override
    public void close() {
        layers.forEach(layer -> {
            layer.key().close();
            layer.value().close();
        });
    }
}
