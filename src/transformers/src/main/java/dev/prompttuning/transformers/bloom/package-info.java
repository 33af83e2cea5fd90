/** BLOOM (BigScience 2022): attention with linear biases, a norm behind the embeddings, queries, keys and values interleaved by head. */
package dev.prompttuning.transformers.bloom;
