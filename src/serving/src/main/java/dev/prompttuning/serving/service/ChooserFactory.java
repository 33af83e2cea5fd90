package dev.prompttuning.serving.service;

import dev.prompttuning.serving.engine.TokenChooser;
import dev.prompttuning.serving.openai.Sampling;

/** Makes token choosers from what a client asked for and, where it left something open, the model's own defaults. */
@FunctionalInterface
public interface ChooserFactory {

    /** @param index which answer of the request: with a seed, answers differ from each other and repeat from call to call */
    TokenChooser chooser(Sampling sampling, int index);
}
