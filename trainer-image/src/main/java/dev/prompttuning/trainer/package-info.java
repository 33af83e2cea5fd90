/** The application of the trainer image: one program with a sub-command for each thing it does. */
package dev.prompttuning.trainer;
