/** What a training minimises: the loss of a model's task on its rows. */
package dev.prompttuning.training.objective;
