/** Data sets: what a row means, and how it becomes token ids and labels. */
package dev.prompttuning.training.data;
