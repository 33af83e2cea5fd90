/** The reconciler of PromptTuningJob: one Kubernetes Job and its configuration. */
package dev.prompttuning.operator.tuning;
