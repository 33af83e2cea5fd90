/**
 * The text: messages to a small shop, made from templates, and the questions asked about them. Everything follows from a seed, and
 * a part of all issues is held out of every training text.
 */
package dev.prompttuning.quickstart.text;
