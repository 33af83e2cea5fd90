/** Makes what the quickstart needs and no one can download: a small base model, the text it learns from, and a task to tune. */
package dev.prompttuning.quickstart;
