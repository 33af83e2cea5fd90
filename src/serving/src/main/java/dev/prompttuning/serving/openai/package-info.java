/** The OpenAI protocol: requests read and checked, answers, streamed chunks and errors written. */
package dev.prompttuning.serving.openai;
