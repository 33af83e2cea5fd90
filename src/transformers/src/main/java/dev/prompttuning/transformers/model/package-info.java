/**
 * Causal language models on plain NDArray operations: what every family shares (attention, masks, rotary positions, norms, the
 * stack of layers, key/value caches). A family's own arithmetic and weight names stand in a package of its own.
 */
package dev.prompttuning.transformers.model;
