package dev.prompttuning.transformers.safetensors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Makes arrays from the bytes of tensors: by mapping where the array can share the file's pages, else chunk by chunk. */
public final class TensorReader {
    private static final int STAGING_ELEMENTS = 1 << 20;

    private final ConcurrentLinkedDeque<Staging> stagings = new ConcurrentLinkedDeque<>();

    /** The tensor over the file's own pages where possible; such an array must never be written to. */
    public NDArray share(TensorInfo tensor, FileChannel channel, NDManager manager) throws IOException {
        Dtype dtype = tensor.dtype();
        boolean aligned = tensor.offset() % dtype.bytes() == 0;
        boolean mappable = tensor.byteCount() > 0 && tensor.byteCount() <= Integer.MAX_VALUE;
        if (dtype.widened() || !aligned || !mappable || manager.getDevice().isGpu()) {
            return copy(tensor, channel, manager);
        }
        return mapped(
                channel, tensor, new Shape(tensor.shape()), dtype.loadedType().orElseThrow(), manager);
    }

    /** The tensor's bytes as a UINT8 array {@code [byteCount]} over the file's own pages. */
    NDArray raw(TensorInfo tensor, FileChannel channel, NDManager manager) throws IOException {
        return mapped(channel, tensor, new Shape(tensor.byteCount()), DataType.UINT8, manager);
    }

    private static NDArray mapped(FileChannel channel, TensorInfo tensor, Shape shape, DataType type, NDManager manager)
            throws IOException {
        ByteBuffer map = map(channel, tensor.offset(), tensor.byteCount());
        // A view of the array does not keep the buffer alive; the manager does, whatever becomes of the array.
        manager.attachInternal(UUID.randomUUID().toString(), new Mapping(map));
        return manager.create(map, shape, type);
    }

    /** The tensor in memory of its own. */
    public NDArray copy(TensorInfo tensor, FileChannel channel, NDManager manager) throws IOException {
        DataType type = tensor.dtype().loadedType().orElseThrow();
        Shape shape = new Shape(tensor.shape());
        if (tensor.size() == 0) {
            return manager.create(shape, type);
        }
        Staging staging = stagings.poll();
        if (staging == null) {
            staging = new Staging();
        }
        try (NDArray flat = manager.create(new Shape(tensor.size()), type)) {
            fill(flat, tensor, channel, staging);
            return flat.reshape(shape);
        } finally {
            stagings.push(staging);
        }
    }

    /** Reads rather than maps: pages that are only read once would count as resident for as long as the map lives. */
    private static void fill(NDArray flat, TensorInfo tensor, FileChannel channel, Staging staging) throws IOException {
        int width = tensor.dtype().bytes();
        for (long first = 0; first < tensor.size(); first += STAGING_ELEMENTS) {
            int count = (int) Math.min(STAGING_ELEMENTS, tensor.size() - first);
            ByteBuffer part = staging.fill(channel, tensor.offset() + first * width, count, tensor.dtype());
            try (NDArray chunk = flat.getManager().create(part, new Shape(count), flat.getDataType())) {
                flat.set(new NDIndex("{}:{}", first, first + count), chunk);
            }
        }
    }

    private static ByteBuffer map(FileChannel channel, long position, long byteCount) throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, position, byteCount).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Keeps a map reachable for as long as a manager is open. */
    private record Mapping(ByteBuffer map) implements AutoCloseable {
        @Override
        public void close() {
            // The garbage collector unmaps the pages; nothing is to be done here.
        }
    }

    /** Buffers used again for every chunk: direct memory is freed only by the garbage collector. */
    private static final class Staging {
        private final ByteBuffer direct =
                ByteBuffer.allocateDirect(STAGING_ELEMENTS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        private final ByteBuffer widened =
                ByteBuffer.allocateDirect(STAGING_ELEMENTS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        private final short[] halves = new short[STAGING_ELEMENTS];
        private final int[] words = new int[STAGING_ELEMENTS];

        /** Reads {@code count} elements, widened where needed, into a direct buffer. */
        ByteBuffer fill(FileChannel channel, long position, int count, Dtype dtype) throws IOException {
            ByteBuffer source = read(channel, position, count * dtype.bytes());
            if (!dtype.widened()) {
                return source;
            }
            source.asShortBuffer().get(halves, 0, count);
            if (dtype == Dtype.BF16) {
                HalfPrecision.bfloat16ToFloatBits(halves, words, count);
            } else {
                HalfPrecision.float16ToFloatBits(halves, words, count);
            }
            widened.clear();
            widened.asIntBuffer().put(words, 0, count);
            return widened.slice(0, count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        }

        private ByteBuffer read(FileChannel channel, long position, int byteCount) throws IOException {
            direct.clear().limit(byteCount);
            while (direct.hasRemaining()) {
                if (channel.read(direct, position + direct.position()) < 0) {
                    throw new EOFException("it ends early, at byte " + (position + direct.position()));
                }
            }
            return direct.flip().slice().order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
