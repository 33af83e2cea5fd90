/** What a run says while it runs: log lines, a progress bar, meters, and the figures of the process. */
package dev.prompttuning.training.progress;
