package dev.prompttuning.transformers.model;

import java.util.Arrays;

/**
 * Where each token of a batch stands and what it may see.
 *
 * <p>A token with segment {@code s} at position {@code p} sees a token of its lane when that token's position is at most
 * {@code p}, or the model looks both ways, and its segment is {@code s} or {@link #SHARED}. So several rows can be packed into one lane behind one shared
 * prompt without seeing each other.
 *
 * @param positions positions by lane and index, {@code [lanes][length]}
 * @param segments segments by lane and index, {@code [lanes][length]}
 * @param types token types by lane and index, {@code [lanes][length]}, which BERT tells a pair's texts apart by; null where all are 0
 */
public record TokenLayout(int[][] positions, int[][] segments, int[][] types) {

    /** Seen by every row of the lane: virtual tokens. */
    public static final int SHARED = 0;

    /** Seen by nobody. */
    public static final int PADDING = -1;

    public TokenLayout {
        if (positions.length == 0 || positions.length != segments.length || positions[0].length != segments[0].length) {
            throw new IllegalArgumentException(
                    "Positions and segments must have the same shape, and one lane at least");
        }
    }

    /** A layout of tokens of type 0. */
    public TokenLayout(int[][] positions, int[][] segments) {
        this(positions, segments, null);
    }

    /** Lanes of one row each, without padding, which start at position {@code first}. */
    public static TokenLayout causal(int lanes, int first, int length) {
        int[] positions = new int[length];
        Arrays.setAll(positions, i -> first + i);
        int[][] allPositions = new int[lanes][];
        int[][] segments = new int[lanes][length];
        for (int lane = 0; lane < lanes; lane++) {
            allPositions[lane] = positions;
            Arrays.fill(segments[lane], 1);
        }
        return new TokenLayout(allPositions, segments);
    }

    public int lanes() {
        return positions.length;
    }

    public int length() {
        return positions[0].length;
    }

    /** One lane whose first {@code n} tokens are virtual ones which this layout's only lane follows. */
    public TokenLayout behindVirtualTokens(int n) {
        if (lanes() != 1) {
            throw new IllegalStateException("Virtual tokens stand in front of one lane, not of " + lanes());
        }
        int[] allPositions = new int[n + length()];
        int[] allSegments = new int[n + length()];
        for (int i = 0; i < n; i++) {
            allPositions[i] = i;
            allSegments[i] = SHARED;
        }
        System.arraycopy(positions[0], 0, allPositions, n, length());
        System.arraycopy(segments[0], 0, allSegments, n, length());
        int[] allTypes = new int[n + length()];
        if (types != null) {
            System.arraycopy(types[0], 0, allTypes, n, length());
        }
        return new TokenLayout(
                new int[][] {allPositions}, new int[][] {allSegments}, types == null ? null : new int[][] {allTypes});
    }
}
