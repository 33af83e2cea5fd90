/** Training of models with heads: classifiers of texts and of tokens, and finders of answers. */
package dev.prompttuning.peft.task;
