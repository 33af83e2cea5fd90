package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;

/** What every model with its weights offers, whatever it was made for. */
public interface LoadedModel extends AutoCloseable {

    ModelConfig config();

    /** Where arrays for this model are made. */
    NDManager manager();

    /** All weights by their names in the model's file. */
    Map<String, NDArray> weights();

    /** Its linear maps, without a head that is the embeddings' table. */
    List<LinearMap> linears();

    /** {@code [rows][length] → [rows, length, hidden]}. */
    NDArray embed(long[][] tokenIds);

    /** PEFT's {@code num_transformer_submodules}: stacks of layers, each of which it makes virtual tokens for. */
    default int transformerSubmodules() {
        return 1;
    }

    /** Number of elements of all weights. */
    default long parameterCount() {
        return weights().values().stream().mapToLong(NDArray::size).sum();
    }

    @Override
    void close();
}
