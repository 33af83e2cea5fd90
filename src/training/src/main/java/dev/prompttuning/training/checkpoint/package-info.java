/** What a restarted run goes on from, written so that it is whole or absent. */
package dev.prompttuning.training.checkpoint;
