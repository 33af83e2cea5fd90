/** Files of rows: which files a data set has, and their rows as JSON objects, whatever they are written in. */
package dev.prompttuning.training.data.file;
