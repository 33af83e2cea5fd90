/** The base model before its training: a small Qwen3 with random weights. */
package dev.prompttuning.quickstart.model;
