/** Parts of a pod as functions from pod specification to pod specification. */
package dev.prompttuning.operator.pod;
