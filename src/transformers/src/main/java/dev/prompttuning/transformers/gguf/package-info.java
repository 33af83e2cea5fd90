/**
 * Models in one GGUF file, the format of llama.cpp: metadata, tokenizer and tensors, most of them quantised in blocks. The file is
 * presented as the Hugging Face folder it was made from.
 */
package dev.prompttuning.transformers.gguf;
