package dev.prompttuning.peft.causal;

/**
 * The loss of a batch, and how many of its rows the model has learned.
 *
 * @param rows rows with labels
 * @param exactRows those of whose labelled tokens each had the highest score behind the right ones before it: greedy decoding
 *     writes just them
 */
public record RowLoss(Loss loss, int rows, int exactRows) {}
