/**
 * Choosing tokens: logits processing, sampling and beam search with Hugging Face's semantics, and the loop that feeds
 * a {@link dev.prompttuning.transformers.generation.DecodeSession}. Nothing here knows a model or a tensor.
 */
package dev.prompttuning.transformers.generation;
