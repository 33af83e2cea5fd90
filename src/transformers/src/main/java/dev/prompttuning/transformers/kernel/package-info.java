/**
 * Computations that DJL does not offer, behind one small interface. They are written in TorchScript's own text form, and compiled
 * by the engine when first used.
 */
package dev.prompttuning.transformers.kernel;
