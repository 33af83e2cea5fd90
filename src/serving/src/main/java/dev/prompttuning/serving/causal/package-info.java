/** Causal models behind the engine: decoding on keys and values, and PEFT adapters made ready for it. */
package dev.prompttuning.serving.causal;
