/** GPT-2 (Radford et al. 2019): learned positions, layer norms, one fused projection stored as Conv1D. */
package dev.prompttuning.transformers.gpt2;
