/** From a request's body to what the engine runs: names resolved, prompts tokenized, lengths checked. */
package dev.prompttuning.serving.service;
