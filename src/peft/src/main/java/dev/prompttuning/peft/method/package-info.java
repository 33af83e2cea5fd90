/**
 * What can be trained: soft prompts (prompt tuning, P-tuning, prefix tuning), LoRA, both together, or the whole model. A soft prompt is its trainable
 * tensors, under the names PEFT gives them, and how they become the one tensor that an adapter file holds.
 */
package dev.prompttuning.peft.method;
