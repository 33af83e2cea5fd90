package dev.prompttuning.serving.engine;

import dev.prompttuning.transformers.generation.DecodeSession;

/**
 * Where an answer begins.
 *
 * @param session nothing fed yet but what stands in front of the tokens; whoever asked for it closes it
 * @param tokens to be fed first: the prompt, or, where an encoder has read that, what stands in front of every answer
 * @param tokensRun that were run through the model already
 */
public record Opening(DecodeSession session, long[] tokens, int tokensRun) {}
