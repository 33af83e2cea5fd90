/** How good the model is on rows it is not trained on. */
package dev.prompttuning.training.metric;
