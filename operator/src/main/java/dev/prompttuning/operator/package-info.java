/** The operator: what all reconcilers share. */
package dev.prompttuning.operator;
