package dev.prompttuning.transformers.safetensors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.transformers.InvalidModelException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A model's tensors by their names in Hugging Face's model class, whatever the format of the file. Safe for several threads. */
public interface TensorSource extends AutoCloseable {

    /** The names of all tensors, in the order of the files. */
    Set<String> names();

    boolean contains(String name);

    /** @throws InvalidModelException when there is no such tensor */
    StoredTensor info(String name);

    /** The files that hold the tensors. */
    List<Path> files();

    /** A tensor for reading; one that shares the file's pages must never be written to. */
    default NDArray load(String name, NDManager manager) {
        return load(name, manager, false);
    }

    /**
     * A tensor in single precision, or with its own integer type.
     *
     * @param copy whether the array has memory of its own and may be written to, as trainable weights need
     * @throws InvalidModelException when it cannot be read
     */
    NDArray load(String name, NDManager manager, boolean copy);

    @Override
    void close();
}
