package dev.prompttuning.serving.service;

import dev.prompttuning.serving.engine.TextCodec;
import java.time.Instant;
import java.util.Optional;

/**
 * The base model that is served.
 *
 * @param name what clients call it
 * @param root where it was loaded from
 * @param contextLength tokens of a sequence at most, virtual ones included
 * @param vocabSize token ids are below it
 * @param defaults of sampling
 * @param chat the chat template, where the model has one
 */
public record ServedBase(
        String name,
        String root,
        Instant loaded,
        int contextLength,
        int vocabSize,
        TextCodec codec,
        GenerationDefaults defaults,
        Optional<ChatRenderer> chat) {}
