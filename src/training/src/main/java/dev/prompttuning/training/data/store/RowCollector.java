package dev.prompttuning.training.data.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes rows one by one, into memory at first, and into a file when they become too many. */
public final class RowCollector<R> implements AutoCloseable {
    private final Optional<RowCodec<R>> codec;
    private final RowStorage storage;
    private List<R> inMemory = new ArrayList<>();
    private long bytes;
    private RowFileWriter<R> file;

    RowCollector(Optional<RowCodec<R>> codec, RowStorage storage) {
        this.codec = codec;
        this.storage = storage;
    }

    /** @throws UncheckedIOException when there is no room for the file */
    public void add(R row) {
        try {
            if (file != null) {
                file.write(row);
                return;
            }
            inMemory.add(row);
            if (codec.isPresent()) {
                bytes += codec.get().bytesInMemory(row);
                if (bytes > storage.limit()) {
                    moveToFile(codec.get());
                }
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void moveToFile(RowCodec<R> known) throws IOException {
        file = RowFileWriter.in(storage.folder(), known);
        for (R row : inMemory) {
            file.write(row);
        }
        inMemory = List.of();
    }

    /** The rows in their order; unmodifiable. */
    public List<R> rows() {
        try {
            return file == null ? List.copyOf(inMemory) : file.rows();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private UncheckedIOException failed(IOException e) {
        return new UncheckedIOException(
                "The rows cannot be written to " + storage.folder() + ": " + e.getMessage()
                        + "; make room there, or leave out dataset.streaming and raise the memory.",
                e);
    }

    /** Deletes the file; rows that were taken from it stay readable. */
    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
