/** What memory there is and what a model takes of it, known before anything is loaded. */
package dev.prompttuning.transformers.memory;
