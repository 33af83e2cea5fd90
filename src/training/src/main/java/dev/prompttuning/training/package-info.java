/** The training loop: settings in, a trained method and its figures out. */
package dev.prompttuning.training;
