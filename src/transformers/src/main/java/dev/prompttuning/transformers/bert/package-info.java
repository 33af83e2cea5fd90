/** BERT (Devlin et al. 2019): an encoder with learned positions and token types, and norms behind each half of a layer. */
package dev.prompttuning.transformers.bert;
