package dev.prompttuning.transformers.memory;

import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.safetensors.StoredTensor;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a model takes in memory on a CPU, estimated from the headers of its files. */
public final class ModelMemory {
    private static final Pattern LAYER = Pattern.compile("\\.(\\d+)\\.");
    /** Heap, compiled code and PyTorch's own tables. This and the next are measured, see src/docs/images.md. */
    public static final long PROGRAM = 208L << 20;

    private static final int TOKENIZER_BYTES_PER_BYTE_OF_FILE = 20;

    private final List<StoredTensor> tensors;
    private final long vocabulary;
    private final long tokenizerFile;

    public ModelMemory(ModelFolder folder) {
        this(
                folder.tensors().names().stream()
                        .<StoredTensor>map(folder.tensors()::info)
                        .toList(),
                folder.config().path("vocab_size").asLong(),
                folder.tokenizerBytes());
    }

    /** @param tokenizerFile size of the tokenizer's file in bytes, 0 without one */
    ModelMemory(List<? extends StoredTensor> tensors, long vocabulary, long tokenizerFile) {
        this.tensors = List.copyOf(tensors);
        this.vocabulary = vocabulary;
        this.tokenizerFile = tokenizerFile;
    }

    /**
     * One of several stacks of layers, without the others.
     *
     * @param prefix of its tensors' names
     */
    public ModelMemory stack(String prefix) {
        return new ModelMemory(
                tensors.stream()
                        .filter(tensor -> tensor.name().startsWith(prefix)
                                || tensor.dimensions().contains(vocabulary))
                        .toList(),
                vocabulary,
                tokenizerFile);
    }

    /** Bytes of the program with the model's tokenizer and without the model. */
    public long program() {
        return PROGRAM + TOKENIZER_BYTES_PER_BYTE_OF_FILE * tokenizerFile;
    }

    /** Bytes of frozen weights. Single precision ones are used where they lie in the mapped file, and cost nothing. */
    public long frozen(Precision precision) {
        return tensors.stream().mapToLong(tensor -> frozen(tensor, precision)).sum();
    }

    private static long frozen(StoredTensor tensor, Precision precision) {
        if (precision != Precision.FLOAT32 && isMatrix(tensor)) {
            long scales = precision == Precision.INT8 ? tensor.dimensions().get(0) * Float.BYTES : 0;
            return tensor.size() * precision.bytes() + scales;
        }
        return tensor.inPlace() ? 0 : tensor.size() * Float.BYTES;
    }

    private static boolean isMatrix(StoredTensor tensor) {
        return tensor.dimensions().size() == 2;
    }

    /** Bytes of the largest layer's linear maps in single precision: where packed weights are decoded in training. */
    public long decodedLayer() {
        return tensors.stream()
                        .filter(this::isLinearMap)
                        .collect(Collectors.groupingBy(ModelMemory::layer, Collectors.summingLong(StoredTensor::size)))
                        .values()
                        .stream()
                        .mapToLong(Long::longValue)
                        .max()
                        .orElse(0)
                * Float.BYTES;
    }

    /** Bytes of all weights in single precision, once. */
    public long copied() {
        return tensors.stream().mapToLong(StoredTensor::size).sum() * Float.BYTES;
    }

    /** Bytes of the largest tensor in single precision. */
    public long largestTensor() {
        return tensors.stream().mapToLong(StoredTensor::size).max().orElse(0) * Float.BYTES;
    }

    /**
     * Bytes that the backward pass needs of one token: most of what goes into each linear map and of what comes out of it. Five
     * sixths is what was measured of a Llama, whose activation function keeps nothing that it can compute again.
     *
     * @param recomputed whether only what goes into each layer is kept, and one layer at a time is run again
     */
    public long activationsPerToken(boolean recomputed) {
        long ends = tensors.stream()
                .filter(this::isLinearMap)
                .mapToLong(tensor ->
                        tensor.dimensions().get(0) + tensor.dimensions().get(1))
                .sum();
        long all = ends * 5 / 6;
        return Float.BYTES * (recomputed ? all / layers() + layers() * hiddenSize() : all);
    }

    private boolean isLinearMap(StoredTensor tensor) {
        return isMatrix(tensor) && !tensor.dimensions().contains(vocabulary);
    }

    private long layers() {
        return 1 + tensors.stream().mapToLong(ModelMemory::layer).max().orElse(0);
    }

    private static long layer(StoredTensor tensor) {
        Matcher number = LAYER.matcher(tensor.name());
        return number.find() ? Long.parseLong(number.group(1)) : 0;
    }

    private long hiddenSize() {
        return tensors.stream()
                .filter(tensor ->
                        tensor.dimensions().size() == 2 && tensor.dimensions().get(0) == vocabulary)
                .mapToLong(tensor -> tensor.dimensions().get(1))
                .max()
                .orElse(0);
    }
}
