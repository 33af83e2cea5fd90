/**
 * Labels told by a language model: patterns put a question about a text, verbalizers are the words that answer it (PET, Schick and
 * Schütze 2021, https://arxiv.org/abs/2001.07676; with soft prompts P-tuning, Liu et al. 2021, https://arxiv.org/abs/2103.10385).
 */
package dev.prompttuning.training.verbalizer;
