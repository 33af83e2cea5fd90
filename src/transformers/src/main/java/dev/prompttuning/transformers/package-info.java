/** Hugging Face models on DJL: the parts shared by all model families. */
package dev.prompttuning.transformers;
