package dev.prompttuning.transformers.gguf;

import dev.prompttuning.transformers.InvalidModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads a header's numbers and texts one after the other; a length that the file cannot hold is refused before memory is taken. */
final class HeaderBytes {
    private static final int BUFFER = 1 << 18;

    private final Path file;
    private final FileChannel channel;
    private final long fileSize;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    private long read;

    HeaderBytes(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.fileSize = channel.size();
    }

    Path file() {
        return file;
    }

    long fileSize() {
        return fileSize;
    }

    /** Where the next byte stands in the file. */
    long position() {
        return read - buffer.remaining();
    }

    byte int8() throws IOException {
        return ready(Byte.BYTES).get();
    }

    short int16() throws IOException {
        return ready(Short.BYTES).getShort();
    }

    int int32() throws IOException {
        return ready(Integer.BYTES).getInt();
    }

    long int64() throws IOException {
        return ready(Long.BYTES).getLong();
    }

    float float32() throws IOException {
        return ready(Float.BYTES).getFloat();
    }

    double float64() throws IOException {
        return ready(Double.BYTES).getDouble();
    }

    String text() throws IOException {
        byte[] bytes = new byte[count(1)];
        for (int done = 0; done < bytes.length; ) {
            int part = Math.min(bytes.length - done, BUFFER);
            ready(part).get(bytes, done, part);
            done += part;
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A number of things that take at least {@code bytesEach}. */
    int count(int bytesEach) throws IOException {
        long count = int64();
        long left = fileSize - position();
        if (count < 0 || count > left / bytesEach || count > Integer.MAX_VALUE) {
            throw invalid("announces " + Long.toUnsignedString(count) + " elements in its header, but has only " + left
                    + " bytes left; it is damaged or cut short, so download it again");
        }
        return (int) count;
    }

    InvalidModelException invalid(String problem) {
        return new InvalidModelException("The GGUF file " + file + " " + problem + ".");
    }

    private ByteBuffer ready(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            buffer.compact();
            int more;
            do {
                more = channel.read(buffer, read);
                read += Math.max(more, 0);
            } while (more >= 0 && buffer.position() < bytes);
            buffer.flip();
            if (buffer.remaining() < bytes) {
                throw invalid("ends within its header, at byte " + fileSize + "; download it again");
            }
        }
        return buffer;
    }
}
