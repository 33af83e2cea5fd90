package dev.prompttuning.training.data.store;

import java.nio.MappedByteBuffer;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/** Rows of a file that is mapped into memory: each is read anew when it is asked for. Safe for use by several threads. */
final class StoredRows<R> extends AbstractList<R> implements RandomAccess, Rows.NotInMemory {
    private final RowCodec<R> codec;
    private final int count;
    private final long[] starts;
    private final List<MappedByteBuffer> segments;
    private final List<MappedByteBuffer> positions;
    private final int positionsPerSegment;

    /**
     * @param starts where each segment starts; a row never lies in two
     * @param positions where each row starts, so many in each but the last
     */
    StoredRows(
            RowCodec<R> codec,
            int count,
            long[] starts,
            List<MappedByteBuffer> segments,
            List<MappedByteBuffer> positions,
            int positionsPerSegment) {
        this.codec = codec;
        this.count = count;
        this.starts = starts;
        this.segments = segments;
        this.positions = positions;
        this.positionsPerSegment = positionsPerSegment;
    }

    static int positionsIn(int segmentBytes) {
        return segmentBytes / Long.BYTES;
    }

    @Override
    public R get(int row) {
        if (row < 0 || row >= count) {
            throw new IndexOutOfBoundsException("row " + row + " of " + count);
        }
        long position = positions.get(row / positionsPerSegment).getLong(row % positionsPerSegment * Long.BYTES);
        int found = Arrays.binarySearch(starts, position);
        int segment = found >= 0 ? found : -found - 2;
        return codec.read(segments.get(segment).duplicate().position(Math.toIntExact(position - starts[segment])));
    }

    @Override
    public int size() {
        return count;
    }
}
