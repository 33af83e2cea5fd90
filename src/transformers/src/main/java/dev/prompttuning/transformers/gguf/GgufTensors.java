package dev.prompttuning.transformers.gguf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.safetensors.Dtype;
import dev.prompttuning.transformers.safetensors.TensorInfo;
import dev.prompttuning.transformers.safetensors.TensorReader;
import dev.prompttuning.transformers.safetensors.TensorSource;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;

/** The tensors of one file, turned into single precision as they are loaded. */
final class GgufTensors implements TensorSource {
    private static final int STAGING_ELEMENTS = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private final Map<String, GgufTensor> tensors;
    private final TensorReader plain = new TensorReader();
    private final ConcurrentLinkedDeque<ByteBuffer> stagings = new ConcurrentLinkedDeque<>();

    /** @param tensors by their names in Hugging Face's model class */
    GgufTensors(Path file, Map<String, GgufTensor> tensors) {
        this.file = file;
        this.tensors = tensors;
        try {
            this.channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            throw new InvalidModelException("The GGUF file " + file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public boolean contains(String name) {
        return tensors.containsKey(name);
    }

    @Override
    public GgufTensor info(String name) {
        GgufTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new InvalidModelException("There is no tensor \"" + name + "\" in the GGUF file " + file + ".");
        }
        return tensor;
    }

    @Override
    public List<Path> files() {
        return List.of(file);
    }

    @Override
    public NDArray load(String name, NDManager manager, boolean copy) {
        GgufTensor tensor = info(name);
        try {
            if (!copy && tensor.inPlace()) {
                return plain.share(asIs(tensor), channel, manager);
            }
            return decode(tensor, manager);
        } catch (IOException e) {
            throw unreadable(tensor, e);
        }
    }

    /** All values of a small tensor, without an array. */
    float[] values(String name) {
        GgufTensor tensor = info(name);
        int count = Math.toIntExact(tensor.size());
        try {
            return new Parts(tensor, count).read(channel, 0, count);
        } catch (IOException e) {
            throw unreadable(tensor, e);
        }
    }

    private InvalidModelException unreadable(GgufTensor tensor, IOException e) {
        return new InvalidModelException(
                "Tensor \"" + tensor.nameInFile() + "\" in the GGUF file " + file + " cannot be read: " + e.getMessage()
                        + ".",
                e);
    }

    private TensorInfo asIs(GgufTensor tensor) {
        return new TensorInfo(tensor.name(), Dtype.F32, tensor.dimensions(), file, tensor.offset(), tensor.byteCount());
    }

    private NDArray decode(GgufTensor tensor, NDManager manager) throws IOException {
        ByteBuffer found = stagings.poll();
        int part = partOf(tensor);
        int bytes = part * Float.BYTES;
        ByteBuffer staging = found != null && found.capacity() >= bytes
                ? found
                : ByteBuffer.allocateDirect(Math.max(bytes, STAGING_ELEMENTS * Float.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        Parts parts = new Parts(tensor, part);
        try (NDArray flat = manager.create(new Shape(tensor.size()), DataType.FLOAT32)) {
            for (long first = 0; first < tensor.size(); first += part) {
                int count = (int) Math.min(part, tensor.size() - first);
                staging.clear().asFloatBuffer().put(parts.read(channel, first, count), 0, count);
                ByteBuffer filled = staging.slice(0, count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                try (NDArray chunk = manager.create(filled, new Shape(count), DataType.FLOAT32)) {
                    flat.set(new NDIndex("{}:{}", first, first + count), chunk);
                }
            }
            return flat.reshape(new Shape(tensor.shape()));
        } finally {
            stagings.push(staging);
        }
    }

    /** Elements read at a time: a head where its rows change places, else many blocks. */
    private static int partOf(GgufTensor tensor) {
        return tensor.interleavedHeads() > 0
                ? Math.toIntExact(tensor.size() / tensor.interleavedHeads())
                : (int) Math.min(STAGING_ELEMENTS, tensor.size());
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads one tensor part by part. */
    private static final class Parts {
        private final GgufTensor tensor;
        private final byte[] blocks;
        private final float[] values;
        private final float[] ordered;

        Parts(GgufTensor tensor, int part) {
            this.tensor = tensor;
            this.blocks =
                    new byte[part / tensor.type().elements() * tensor.type().bytes()];
            this.values = new float[part];
            this.ordered = tensor.interleavedHeads() > 0 ? new float[part] : values;
        }

        float[] read(FileChannel channel, long first, int count) throws IOException {
            BlockType type = tensor.type();
            ByteBuffer into = ByteBuffer.wrap(blocks, 0, count / type.elements() * type.bytes());
            long position = tensor.offset() + first / type.elements() * type.bytes();
            while (into.hasRemaining()) {
                if (channel.read(into, position + into.position()) < 0) {
                    throw new EOFException("it ends early, at byte " + (position + into.position()));
                }
            }
            type.read(blocks, values, count);
            if (ordered != values) {
                order(count);
            }
            return ordered;
        }

        /** Rows 0, 2, 4… of a head become its first half, rows 1, 3, 5… its second. */
        private void order(int count) {
            int width = tensor.dimensions().size() == 1
                    ? 1
                    : Math.toIntExact(tensor.dimensions().get(1));
            int half = count / width / 2;
            for (int row = 0; row < half; row++) {
                System.arraycopy(values, 2 * row * width, ordered, row * width, width);
                System.arraycopy(values, (2 * row + 1) * width, ordered, (half + row) * width, width);
            }
        }
    }
}
