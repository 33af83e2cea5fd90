/** A Hugging Face model folder: configuration, weights and a digest of both. */
package dev.prompttuning.transformers.folder;
