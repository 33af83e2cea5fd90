/** From a {@code train.json} to an adapter folder: fetches the model, reads the data, makes the method, trains, writes the result. */
package dev.prompttuning.training.job;
