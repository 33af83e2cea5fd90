/** RoBERTa (Liu et al. 2019): BERT's layers; positions are counted from behind the padding token's id. */
package dev.prompttuning.transformers.roberta;
