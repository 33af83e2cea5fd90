/** What {@code trainer evaluate} says and writes. */
package dev.prompttuning.trainer.evaluate;
