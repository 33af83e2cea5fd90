package dev.prompttuning.peft.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.model.ModelConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Makes new soft prompts. Start values come from a seeded generator of Java's, so they are the same on every machine.
 *
 * <p>Linear maps and LSTMs start uniformly within one over the square root of their inputs (or states), as PyTorch's do.
 */
public final class SoftPrompts {

    private final ModelConfig model;
    private final NDManager manager;
    private final Random random;
    private final int submodules;

    /** @param manager owner of the new tensors */
    public SoftPrompts(ModelConfig model, NDManager manager, long seed) {
        this(model, manager, seed, 1);
    }

    /**
     * As {@link #SoftPrompts(ModelConfig, NDManager, long)}.
     *
     * @param submodules stacks of layers that prompt tuning and P-tuning have rows for
     */
    public SoftPrompts(ModelConfig model, NDManager manager, long seed, int submodules) {
        this.model = model;
        this.manager = manager;
        this.random = new Random(seed);
        this.submodules = submodules;
    }

    /** Prompt tuning from N(0, 1). */
    public PromptTuning promptTuning(int numVirtualTokens) {
        return promptTuning(Values.drawn(new Shape(rows(numVirtualTokens), model.hiddenSize()), normal(1.0)));
    }

    /** Rows of prompt tuning and P-tuning. */
    public int rows(int numVirtualTokens) {
        return numVirtualTokens * submodules;
    }

    /** Prompt tuning from given embeddings {@code [rows(numVirtualTokens), hidden]}. */
    public PromptTuning promptTuning(NDArray embeddings) {
        return promptTuning(new Values(embeddings.getShape(), embeddings::toFloatArray));
    }

    private PromptTuning promptTuning(Values values) {
        return new PromptTuning(parameters(Map.of(PromptTuning.EMBEDDING, values)), submodules);
    }

    /**
     * Multitask prompt tuning from given embeddings {@code [numVirtualTokens, hidden]}, which all tasks' prompts are at first. (PEFT
     * draws both factors from N(0, 0.02²), and so begins with prompts next to zero.)
     */
    public MultitaskPromptTuning multitaskPromptTuning(NDArray embeddings, int tasks, int rank) {
        long count = embeddings.getShape().get(0);
        Map<String, Values> values = new LinkedHashMap<>();
        values.put(PromptTuning.EMBEDDING, new Values(embeddings.getShape(), embeddings::toFloatArray));
        values.put(
                MultitaskPromptTuning.COLUMNS,
                Values.drawn(
                        new Shape(tasks, count, rank),
                        index -> index % rank == 0 ? 1 : normal(0.02).at(index)));
        values.put(
                MultitaskPromptTuning.ROWS,
                Values.drawn(
                        new Shape(tasks, rank, model.hiddenSize()),
                        index -> index / model.hiddenSize() % rank == 0
                                ? 1
                                : normal(0.02).at(index)));
        return new MultitaskPromptTuning(parameters(values));
    }

    /** Token ids drawn from the whole vocabulary, each once where it is large enough. */
    public long[] sampledVocabulary(int count) {
        return random.ints(0, model.vocabSize())
                .distinct()
                .limit(Math.min(count, model.vocabSize()))
                .asLongStream()
                .toArray();
    }

    public PTuning pTuning(int numVirtualTokens, PromptEncoder encoder) {
        Map<String, Values> values = new LinkedHashMap<>();
        values.put(
                PromptTuning.EMBEDDING,
                Values.drawn(new Shape(rows(numVirtualTokens), model.hiddenSize()), normal(1.0)));
        Map<String, Shape> shapes = encoder.shapes(model.hiddenSize());
        shapes.forEach((name, shape) -> values.put(
                name,
                Values.drawn(shape, uniform(name.contains("lstm_head") ? encoder.hiddenSize() : fanIn(shapes, name)))));
        return new PTuning(parameters(values), encoder, submodules);
    }

    /**
     * Prefix tuning.
     *
     * @param projectionSize inner size of the projection, or none
     * @param zero whether the prefix is zero at the start
     */
    public PrefixTuning prefixTuning(int numVirtualTokens, OptionalInt projectionSize, boolean zero) {
        int flat = model.numLayers() * 2 * model.keyValueSize();
        Map<String, Values> values = new LinkedHashMap<>();
        if (projectionSize.isEmpty()) {
            values.put(PromptTuning.EMBEDDING, Values.drawn(new Shape(numVirtualTokens, flat), normal(zero ? 0 : 1)));
        } else {
            int size = model.explicitKeyValueHeads() ? model.keyValueSize() : model.hiddenSize();
            Map<String, Shape> shapes = PrefixTuning.projectionShapes(size, projectionSize.getAsInt(), flat);
            values.put(PromptTuning.EMBEDDING, Values.drawn(new Shape(numVirtualTokens, size), normal(1)));
            shapes.forEach((name, shape) -> values.put(
                    name,
                    Values.drawn(
                            shape, zero && name.contains("transform.2") ? normal(0) : uniform(fanIn(shapes, name)))));
        }
        return new PrefixTuning(parameters(values), projectionSize);
    }

    /** Prefix tuning from given keys and values {@code [numVirtualTokens, layers * 2 * keyValueSize]}. */
    public PrefixTuning prefixTuning(NDArray promptEmbeddings) {
        Values values = new Values(promptEmbeddings.getShape(), promptEmbeddings::toFloatArray);
        return new PrefixTuning(parameters(Map.of(PromptTuning.EMBEDDING, values)), OptionalInt.empty());
    }

    private Parameters parameters(Map<String, Values> values) {
        Map<String, NDArray> leaves = new LinkedHashMap<>();
        values.forEach((name, start) -> {
            NDArray leaf = manager.create(start.source().get(), start.shape());
            // Parameters outlive whatever scope their start values are made in.
            NDScope.unregister(leaf);
            leaf.setRequiresGradient(true);
            leaves.put(name, leaf);
        });
        return new Parameters(leaves);
    }

    private static int fanIn(Map<String, Shape> shapes, String name) {
        return (int) shapes.get(name.replace(".bias", ".weight")).get(1);
    }

    private Distribution normal(double deviation) {
        return index -> (float) (random.nextGaussian() * deviation);
    }

    private Distribution uniform(int fanIn) {
        double bound = 1 / Math.sqrt(fanIn);
        return index -> (float) ((2 * random.nextDouble() - 1) * bound);
    }

    private interface Distribution {
        float at(int index);
    }

    private record Values(Shape shape, Supplier<float[]> source) {
        static Values drawn(Shape shape, Distribution distribution) {
            return new Values(shape, () -> {
                float[] drawn = new float[Math.toIntExact(shape.size())];
                for (int i = 0; i < drawn.length; i++) {
                    drawn[i] = distribution.at(i);
                }
                return drawn;
            });
        }
    }
}
