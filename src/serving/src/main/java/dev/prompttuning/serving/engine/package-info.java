/** Requests in, tokens out: a bounded queue and the one thread that runs the model. */
package dev.prompttuning.serving.engine;
