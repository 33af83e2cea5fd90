/** One forward and backward pass through a model's layers, whatever stands behind them. */
package dev.prompttuning.peft.pass;
