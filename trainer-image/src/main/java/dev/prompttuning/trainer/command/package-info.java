/** The command line: the main command, and one class for each sub-command. */
package dev.prompttuning.trainer.command;
