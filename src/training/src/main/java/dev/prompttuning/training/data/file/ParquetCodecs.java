package dev.prompttuning.training.data.file;

import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** What Parquet files are compressed with, in Java alone: no Hadoop and no native libraries. */
final class ParquetCodecs implements CompressionCodecFactory {

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return switch (codec) {
            case UNCOMPRESSED -> new Pages((bytes, size) -> bytes);
            case SNAPPY -> new Pages(by(new SnappyDecompressor()));
            case ZSTD -> new Pages(by(new ZstdDecompressor()));
            case LZ4_RAW -> new Pages(by(new Lz4Decompressor()));
            case GZIP -> new Pages(ParquetCodecs::gunzip);
            default ->
                throw new IllegalArgumentException(
                        "it is compressed with " + codec + "; write it with zstd, snappy or gzip");
        };
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("data sets are only read");
    }

    @Override
    public void release() {
        // nothing is held
    }

    private interface Unpacking {
        /** The {@code size} bytes that were packed. */
        byte[] unpack(byte[] packed, int size) throws IOException;
    }

    private static Unpacking by(Decompressor decompressor) {
        return (packed, size) -> {
            byte[] unpacked = new byte[size];
            int count = decompressor.decompress(packed, 0, packed.length, unpacked, 0, size);
            return checked(unpacked, count, size);
        };
    }

    private static byte[] gunzip(byte[] packed, int size) throws IOException {
        try (InputStream bytes = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] unpacked = bytes.readNBytes(size);
            return checked(unpacked, unpacked.length, size);
        }
    }

    private static byte[] checked(byte[] unpacked, int count, int size) throws IOException {
        if (count != size) {
            throw new IOException("a page has " + count + " bytes instead of " + size);
        }
        return unpacked;
    }

    private record Pages(Unpacking unpacking) implements BytesInputDecompressor {

        @Override
        public BytesInput decompress(BytesInput packed, int size) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.toIntExact(packed.size()));
            packed.writeAllTo(bytes);
            return BytesInput.from(unpacking.unpack(bytes.toByteArray(), size));
        }

        @Override
        public void decompress(ByteBuffer packed, int packedSize, ByteBuffer into, int size) throws IOException {
            byte[] bytes = new byte[packedSize];
            packed.get(bytes);
            into.put(unpacking.unpack(bytes, size));
        }

        @Override
        public void release() {
            // nothing is held
        }
    }
}
