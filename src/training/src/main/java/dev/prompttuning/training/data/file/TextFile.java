package dev.prompttuning.training.data.file;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** A text file that may be compressed by gzip or Zstandard, which its first bytes tell. */
final class TextFile {
    private static final int GZIP = 0x8B1F;
    private static final int ZSTD = 0xFD2FB528;

    private TextFile() {}

    /** The text's bytes, buffered. */
    static InputStream open(Path file) throws IOException {
        InputStream bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            int magic = magic(bytes);
            if ((magic & 0xFFFF) == GZIP) {
                return new BufferedInputStream(new Unpacked(new GZIPInputStream(bytes, 1 << 16)), 1 << 16);
            }
            return magic == ZSTD ? new BufferedInputStream(new Unpacked(new ZstdInputStream(bytes)), 1 << 16) : bytes;
        } catch (IOException | RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    /** The first four bytes, the first one lowest. */
    private static int magic(InputStream bytes) throws IOException {
        bytes.mark(4);
        byte[] first = bytes.readNBytes(4);
        bytes.reset();
        int magic = 0;
        for (int i = 0; i < first.length; i++) {
            magic |= (first[i] & 0xFF) << 8 * i;
        }
        return magic;
    }

    /** Says of what a decompressor stumbles over that the compressed file is damaged. */
    private static final class Unpacked extends FilterInputStream {

        Unpacked(InputStream unpacking) {
            super(unpacking);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                return super.read(into, offset, length);
            } catch (IOException | RuntimeException e) {
                throw new IOException("it is compressed, and damaged or cut off (" + e.getMessage() + ")", e);
            }
        }
    }
}
