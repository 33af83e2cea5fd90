package dev.prompttuning.transformers.seq2seq;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.engine.NativeArrays;
import dev.prompttuning.transformers.model.TokenLayout;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Where the tokens of texts stand that an encoder reads, one text a row, padded on the right.
 *
 * @param lengths real tokens of each row, virtual ones included
 * @param length of the padded rows
 */
public record Sources(int[] lengths, int length) {

    public TokenLayout layout() {
        int[] positions = new int[length];
        Arrays.setAll(positions, i -> i);
        int[][] allPositions = new int[lengths.length][];
        int[][] segments = new int[lengths.length][length];
        for (int row = 0; row < lengths.length; row++) {
            allPositions[row] = positions;
            Arrays.fill(segments[row], 0, lengths[row], 1);
            Arrays.fill(segments[row], lengths[row], length, TokenLayout.PADDING);
        }
        return new TokenLayout(allPositions, segments);
    }

    /** What hides the padding from a decoder, {@code [rows, 1, 1, length]}; null where there is none. */
    public NDArray mask(NDManager manager) {
        if (Arrays.stream(lengths).allMatch(own -> own == length)) {
            return null;
        }
        FloatBuffer mask = FloatBuffer.allocate(lengths.length * length);
        for (int own : lengths) {
            for (int i = 0; i < length; i++) {
                mask.put(i < own ? 0 : -Float.MAX_VALUE);
            }
        }
        return NativeArrays.of(manager, mask.flip(), new Shape(lengths.length, 1, 1, length));
    }
}
