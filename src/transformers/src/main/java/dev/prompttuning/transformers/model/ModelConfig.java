package dev.prompttuning.transformers.model;

/**
 * What the rest of the project needs to know of a model, by the names most families use.
 *
 * @param modelType as in {@code config.json}
 * @param headDim elements of one head, which need not be {@code hiddenSize / numHeads}
 * @param explicitKeyValueHeads whether {@code config.json} names its key/value heads: PEFT sizes prefixes by it
 * @param maxPositions tokens a sequence may have, virtual ones included
 */
public record ModelConfig(
        String modelType,
        int vocabSize,
        int hiddenSize,
        int numLayers,
        int numHeads,
        int numKeyValueHeads,
        int headDim,
        boolean explicitKeyValueHeads,
        int maxPositions) {

    /** Elements of one token's keys in one layer. */
    public int keyValueSize() {
        return numKeyValueHeads * headDim;
    }
}
