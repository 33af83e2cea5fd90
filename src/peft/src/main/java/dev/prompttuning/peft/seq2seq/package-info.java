/** Training of models with an encoder and a decoder. */
package dev.prompttuning.peft.seq2seq;
