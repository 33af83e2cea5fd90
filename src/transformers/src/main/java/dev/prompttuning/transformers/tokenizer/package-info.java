/** Text to token ids and back, as the model's own {@code tokenizer.json} says. */
package dev.prompttuning.transformers.tokenizer;
