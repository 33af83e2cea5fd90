package dev.prompttuning.training.data.store;

import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes rows as bytes, and reads them back. */
public interface RowCodec<R> {

    void write(R row, DataOutput out) throws IOException;

    /** @param bytes big-endian, from the row's first byte on */
    R read(ByteBuffer bytes);

    /** Bytes that a row takes in memory, about. */
    long bytesInMemory(R row);
}
