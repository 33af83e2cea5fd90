/** The adapters a server has: made to match a list that may change while it serves. */
package dev.prompttuning.serving.adapter;
