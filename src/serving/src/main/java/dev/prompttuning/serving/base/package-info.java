/** Base models of any kind behind the engine, and PEFT adapters made ready for them. */
package dev.prompttuning.serving.base;
