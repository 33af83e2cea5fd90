/** Soft prompts in causal models: a prompt is a prefix of keys and values, made once and shared by all rows. */
package dev.prompttuning.peft.causal;
