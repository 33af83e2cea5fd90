/** The quickstart: the tour through the example, and what makes the base model, the text and the task of it from nothing. */
package dev.prompttuning.quickstart;
