/** The safetensors file format: memory-mapped reading of single and sharded files, and writing. */
package dev.prompttuning.transformers.safetensors;
