package dev.prompttuning.serving.base;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.serving.engine.LanguageModel;
import dev.prompttuning.serving.engine.Prefix;
import dev.prompttuning.serving.engine.TextCodec;
import dev.prompttuning.serving.service.GenerationDefaults;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.generation.TextDecoder;
import dev.prompttuning.transformers.model.LoadedModel;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.util.HashSet;
import java.util.Set;

/** A base model from its folder: weights, tokenizer and sampling defaults. */
public abstract class BaseLanguageModel implements LanguageModel, TextCodec {
    private final NDManager manager;
    private final ModelFolder folder;
    private final Tokenizer tokenizer;

    /** @param manager parent of the model's; closed with this, as are the others */
    protected BaseLanguageModel(NDManager manager, ModelFolder folder, Tokenizer tokenizer) {
        this.manager = manager;
        this.folder = folder;
        this.tokenizer = tokenizer;
    }

    public abstract LoadedModel model();

    /** The task of the adapters that fit, by PEFT's name. */
    public abstract String taskType();

    /**
     * Reads an adapter that {@link AdapterFit} has found to fit, and makes it ready. On the engine's thread.
     *
     * @throws dev.prompttuning.peft.adapter.InvalidAdapterException when it cannot be read
     */
    public abstract Prefix prefix(TuningFolder adapter);

    public final Tokenizer tokenizer() {
        return tokenizer;
    }

    public final ModelFolder folder() {
        return folder;
    }

    /** Sampling as {@code generation_config.json} has it, and the end tokens of that file and the tokenizer. */
    public final GenerationDefaults defaults() {
        Set<Integer> ends = new HashSet<>();
        tokenizer.eosTokenId().ifPresent(id -> ends.add((int) id));
        return GenerationDefaults.of(folder.generationConfig().orElse(MissingNode.getInstance()), ends);
    }

    @Override
    public final long[] encode(String text, boolean addSpecialTokens) {
        return tokenizer.encode(text, addSpecialTokens);
    }

    @Override
    public final TextDecoder decoder() {
        return tokenizer.streamingDecoder();
    }

    @Override
    public final void close() {
        model().close();
        tokenizer.close();
        folder.close();
        manager.close();
    }
}
