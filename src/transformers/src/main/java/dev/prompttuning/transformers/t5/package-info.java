/** T5 (Raffel et al. 2020) and its relatives v1.1, Flan and mT5: relative positions in buckets, norms in front, unscaled attention. */
package dev.prompttuning.transformers.t5;
