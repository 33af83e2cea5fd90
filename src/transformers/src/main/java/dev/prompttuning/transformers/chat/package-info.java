/**
 * Chat templates: an interpreter of the part of Jinja that model templates use, with transformers' settings. Templates
 * come with models from strangers, so there is no reflection, and loops, recursion and output are bounded. What the
 * interpreter does not know is an error with line and column, never a different text.
 */
package dev.prompttuning.transformers.chat;
