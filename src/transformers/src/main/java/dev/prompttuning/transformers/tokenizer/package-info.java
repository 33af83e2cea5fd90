/** Text to token ids and back, as the model's own {@code tokenizer.json} or GGUF file says. */
package dev.prompttuning.transformers.tokenizer;
