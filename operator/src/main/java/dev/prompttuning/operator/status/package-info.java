/** Conditions, and what is told to people and Prometheus when they change. */
package dev.prompttuning.operator.status;
