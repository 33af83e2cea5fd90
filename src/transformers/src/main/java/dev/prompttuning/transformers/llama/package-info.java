/**
 * Llama (Touvron et al. 2023) and its close kin Mistral, Qwen2 and Qwen3: root mean square norms, rotary positions, grouped heads,
 * gated feed-forward. They differ in a few switches, which {@link dev.prompttuning.transformers.llama.LlamaConfig} reads.
 */
package dev.prompttuning.transformers.llama;
