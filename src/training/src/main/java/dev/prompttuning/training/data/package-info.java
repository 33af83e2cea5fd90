/** Data sets: files of JSON rows, what a row means, and how it becomes token ids and labels. */
package dev.prompttuning.training.data;
