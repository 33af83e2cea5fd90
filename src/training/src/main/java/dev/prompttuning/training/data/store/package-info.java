/** Where a data set's rows are kept: in memory, or in a file when they are too many. */
package dev.prompttuning.training.data.store;
