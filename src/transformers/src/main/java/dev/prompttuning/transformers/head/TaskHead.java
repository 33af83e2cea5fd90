package dev.prompttuning.transformers.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.engine.NativeArrays;
import java.nio.LongBuffer;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Scores from hidden states.
 *
 * @param modules what is trained of it
 * @param scores {@code [.., hidden] → [.., labels]}
 */
public record TaskHead(HeadTask task, Pooling pooling, List<HeadModule> modules, UnaryOperator<NDArray> scores) {

    /** Whose hidden states are scored. */
    public enum Pooling {
        /** Every token's. */
        EACH,
        /** The first token's of a row, be it a virtual one. */
        FIRST,
        /** The last real token's of a row. */
        LAST
    }

    public TaskHead {
        modules = List.copyOf(modules);
    }

    /**
     * @param hidden {@code [rows, length, hidden]}
     * @param last index of each row's last real token
     * @return {@code [rows, labels]}, or {@code [rows, length, labels]} where each token is scored
     */
    NDArray apply(NDArray hidden, int[] last) {
        return scores.apply(
                switch (pooling) {
                    case EACH -> hidden;
                    case FIRST -> hidden.get(":, 0");
                    case LAST -> lastOf(hidden, last);
                });
    }

    private static NDArray lastOf(NDArray hidden, int[] last) {
        Shape shape = hidden.getShape();
        long[] rows = new long[last.length];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = row * shape.get(1) + last[row];
        }
        NDArray index = NativeArrays.of(hidden.getManager(), LongBuffer.wrap(rows), new Shape(rows.length));
        return hidden.reshape(-1, shape.get(2)).get(new NDIndex("{}", index));
    }
}
