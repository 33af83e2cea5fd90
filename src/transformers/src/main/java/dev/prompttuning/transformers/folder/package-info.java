/** A model as it lies on a disk, a Hugging Face folder or a GGUF file: configuration, weights and a digest of both. */
package dev.prompttuning.transformers.folder;
