/** Models with an encoder and a decoder behind the engine. */
package dev.prompttuning.serving.seq2seq;
