/** Which files of a data set's repository on the Hugging Face hub are its subset and split. */
package dev.prompttuning.training.data.hub;
