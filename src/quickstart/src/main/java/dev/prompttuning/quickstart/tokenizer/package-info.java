/** Learns a byte-level byte pair encoding from text and writes it in the format of Hugging Face's tokenizers library. */
package dev.prompttuning.quickstart.tokenizer;
