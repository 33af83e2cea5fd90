/** Which rows stand in which batch, and how a batch's rows are laid in lanes. */
package dev.prompttuning.training.batch;
