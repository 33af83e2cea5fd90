/** What is particular to DJL's PyTorch engine: start-up, gradients, and the lifetime of native memory. */
package dev.prompttuning.transformers.engine;
