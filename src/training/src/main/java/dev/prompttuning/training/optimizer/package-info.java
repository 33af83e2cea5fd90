/** AdamW, learning rate schedules and gradient clipping, with PyTorch's and transformers' arithmetic. */
package dev.prompttuning.training.optimizer;
