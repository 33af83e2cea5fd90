/** The PromptTuningJob resource: one training run. */
package dev.prompttuning.api.tuning;
