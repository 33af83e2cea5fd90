package dev.prompttuning.training.data.store;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes rows one behind the other, and their positions into a second file. Both are mapped into memory when they are whole, and
 * deleted at once: the system keeps what is mapped until the process ends.
 */
final class RowFileWriter<R> implements AutoCloseable {
    /** A buffer cannot map more than 2 GiB. */
    private static final int SEGMENT = 1 << 30;

    private final RowCodec<R> codec;
    private final Path rows;
    private final Path positions;
    private final DataOutputStream rowsOut;
    private final DataOutputStream positionsOut;
    private final int segmentBytes;
    private final List<Long> segments = new ArrayList<>();
    private long written;
    private int count;

    private RowFileWriter(Path folder, RowCodec<R> codec, int segmentBytes) throws IOException {
        this.codec = codec;
        this.segmentBytes = segmentBytes;
        Files.createDirectories(folder);
        this.rows = Files.createTempFile(folder, "rows-", ".bin");
        this.positions = Files.createTempFile(folder, "rows-", ".index");
        rows.toFile().deleteOnExit();
        positions.toFile().deleteOnExit();
        this.rowsOut = open(rows);
        this.positionsOut = open(positions);
        segments.add(0L);
    }

    static <R> RowFileWriter<R> in(Path folder, RowCodec<R> codec) throws IOException {
        return new RowFileWriter<>(folder, codec, SEGMENT);
    }

    /** With segments of another size; a row must fit into one. */
    static <R> RowFileWriter<R> in(Path folder, RowCodec<R> codec, int segmentBytes) throws IOException {
        return new RowFileWriter<>(folder, codec, segmentBytes);
    }

    private static DataOutputStream open(Path file) throws IOException {
        return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
    }

    void write(R row) throws IOException {
        long start = written;
        CountingOutput out = new CountingOutput(rowsOut);
        codec.write(row, out.data());
        written += out.count();
        if (written - segments.get(segments.size() - 1) > segmentBytes) {
            segments.add(start);
        }
        positionsOut.writeLong(start);
        count++;
    }

    /** The rows; nothing can be written behind them. */
    List<R> rows() throws IOException {
        rowsOut.close();
        positionsOut.close();
        long[] starts = segments.stream().mapToLong(Long::longValue).toArray();
        List<MappedByteBuffer> maps = new ArrayList<>();
        for (int i = 0; i < starts.length; i++) {
            long end = i + 1 < starts.length ? starts[i + 1] : written;
            maps.add(map(rows, starts[i], end - starts[i]));
        }
        List<MappedByteBuffer> index = new ArrayList<>();
        long perSegment = StoredRows.positionsIn(segmentBytes) * (long) Long.BYTES;
        for (long at = 0; at < count * (long) Long.BYTES; at += perSegment) {
            index.add(map(positions, at, Math.min(perSegment, count * (long) Long.BYTES - at)));
        }
        return new StoredRows<>(codec, count, starts, maps, index, StoredRows.positionsIn(segmentBytes));
    }

    private static MappedByteBuffer map(Path file, long from, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, from, bytes);
        }
    }

    @Override
    public void close() {
        try {
            rowsOut.close();
            positionsOut.close();
            Files.deleteIfExists(rows);
            Files.deleteIfExists(positions);
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + rows + " cannot be deleted.", e);
        }
    }
}
