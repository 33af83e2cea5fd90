package dev.prompttuning.transformers.safetensors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.transformers.InvalidModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of one safetensors file, or of a model folder with one file or several shards. Arrays outlive this object: they keep
 * the pages they share with the file, so the files must not be changed in place while a model is in use. Safe for use by several
 * threads.
 */
public final class SafeTensors implements TensorSource {
    private final Map<Path, FileChannel> channels = new LinkedHashMap<>();
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final TensorReader reader = new TensorReader();

    private final Path where;

    private SafeTensors(Path where) {
        this.where = where;
    }

    /**
     * Opens and checks a file, or a folder holding {@code model.safetensors}, or shards named by
     * {@code model.safetensors.index.json}.
     *
     * @throws InvalidModelException when a file is missing or damaged
     */
    public static SafeTensors open(Path fileOrFolder) {
        SafeTensors opened = new SafeTensors(fileOrFolder);
        try {
            WeightFiles files = WeightFiles.of(fileOrFolder);
            files.files().forEach(opened::add);
            files.checkIndex(opened.tensors);
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void add(Path file) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            channels.put(file, channel);
            Header header = Header.read(file, channel);
            header.tensors().forEach((name, tensor) -> {
                TensorInfo other = tensors.putIfAbsent(name, tensor);
                if (other != null) {
                    throw new InvalidModelException(
                            "Tensor \"" + name + "\" stands both in " + other.file() + " and in " + file + ".");
                }
            });
            metadata.putAll(header.metadata());
        } catch (IOException e) {
            throw unreadable(file, e);
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

    /**
     * Where a tensor lies, its type and shape.
     *
     * @throws InvalidModelException when there is no such tensor
     */
    @Override
    public TensorInfo info(String name) {
        TensorInfo tensor = tensors.get(name);
        if (tensor == null) {
            throw new InvalidModelException("There is no tensor \"" + name + "\" in "
                    + String.join(
                            ", ", channels.keySet().stream().map(Path::toString).toList()) + ".");
        }
        return tensor;
    }

    /** The free text entries of the headers ({@code __metadata__}). */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public List<Path> files() {
        return List.copyOf(channels.keySet());
    }

    /** All bytes of all tensors, as they lie in the files. */
    public long byteCount() {
        return tensors.values().stream().mapToLong(TensorInfo::byteCount).sum();
    }

    /** What was opened, for messages: the file or the folder. */
    public Path where() {
        return where;
    }

    /**
     * A tensor for reading, as float32 (F32, F16, BF16) or with its own integer type. On a CPU float32 and integers share the file's
     * pages, and writing to such an array ends the process; half precision is widened in memory of its own.
     */
    @Override
    public NDArray load(String name, NDManager manager) {
        return load(name, manager, false);
    }

    /**
     * As {@link #load(String, NDManager)}.
     *
     * @param copy whether the array has memory of its own and may be written to, as trainable weights need
     */
    @Override
    public NDArray load(String name, NDManager manager, boolean copy) {
        TensorInfo tensor = info(name);
        if (tensor.dtype().loadedType().isEmpty()) {
            throw new InvalidModelException("Tensor \"" + name + "\" in " + tensor.file() + " has the dtype "
                    + tensor.dtype() + ", which cannot be used; use a model in F32, BF16 or F16.");
        }
        FileChannel channel = channels.get(tensor.file());
        try {
            return copy ? reader.copy(tensor, channel, manager) : reader.share(tensor, channel, manager);
        } catch (IOException e) {
            throw unreadable(tensor.file(), e);
        }
    }

    /** A tensor's bytes as they lie in the file, UINT8 {@code [byteCount]}, for kernels that read half precision themselves. */
    public NDArray loadBytes(String name, NDManager manager) {
        TensorInfo tensor = info(name);
        if (tensor.byteCount() == 0 || tensor.byteCount() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "Tensor \"" + name + "\" has " + tensor.byteCount() + " bytes, which one buffer cannot hold.");
        }
        try {
            return reader.raw(tensor, channels.get(tensor.file()), manager);
        } catch (IOException e) {
            throw unreadable(tensor.file(), e);
        }
    }

    @Override
    public void close() {
        for (FileChannel channel : channels.values()) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static InvalidModelException unreadable(Path file, IOException e) {
        String why = Files.exists(file) ? String.valueOf(e.getMessage()) : "it does not exist";
        return new InvalidModelException(file + " cannot be read: " + why + ".", e);
    }
}
