/** Models that read one text with an encoder and write another with a decoder. */
package dev.prompttuning.transformers.seq2seq;
