/** Adapter folders in PEFT's format: {@code adapter_config.json} and {@code adapter_model.safetensors}, or the older {@code .bin}. */
package dev.prompttuning.peft.adapter;
