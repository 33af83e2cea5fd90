/** Low-rank additions to linear maps (LoRA, Hu et al. 2021): their arithmetic, their settings, and which maps get them. */
package dev.prompttuning.peft.lora;
