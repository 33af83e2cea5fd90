/**
 * Several methods on one base model and one data set, side by side: jobs from files and from names of methods ({@link
 * dev.prompttuning.trainer.compare.Contestants}), each trained by a process of its own so that its memory is its own, and a
 * report as Markdown, HTML and JSON ({@link dev.prompttuning.trainer.compare.Comparison}).
 */
package dev.prompttuning.trainer.compare;
