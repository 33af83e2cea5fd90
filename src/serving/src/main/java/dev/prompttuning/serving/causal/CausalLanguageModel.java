package dev.prompttuning.serving.causal;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.prompttuning.api.model.Dtype;
import dev.prompttuning.api.model.Quantization;
import dev.prompttuning.serving.engine.LanguageModel;
import dev.prompttuning.serving.engine.Prefix;
import dev.prompttuning.serving.engine.TextCodec;
import dev.prompttuning.serving.openai.ApiException;
import dev.prompttuning.serving.service.GenerationDefaults;
import dev.prompttuning.transformers.engine.DeviceChoice;
import dev.prompttuning.transformers.engine.PyTorch;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.generation.DecodeSession;
import dev.prompttuning.transformers.generation.TextDecoder;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.memory.MemoryBudget;
import dev.prompttuning.transformers.memory.MemoryNeed;
import dev.prompttuning.transformers.memory.ModelMemory;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.CausalModels;
import dev.prompttuning.transformers.model.CausalSession;
import dev.prompttuning.transformers.model.KeyValues;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** A base model from its folder: weights, tokenizer and sampling defaults. */
public final class CausalLanguageModel implements LanguageModel, TextCodec {
    private final NDManager manager;
    private final ModelFolder folder;
    private final CausalLM model;
    private final Tokenizer tokenizer;

    private CausalLanguageModel(NDManager manager, ModelFolder folder, CausalLM model, Tokenizer tokenizer) {
        this.manager = manager;
        this.folder = folder;
        this.model = model;
        this.tokenizer = tokenizer;
    }

    /**
     * @param quantization null for none
     * @throws dev.prompttuning.transformers.InvalidModelException when the folder cannot be used
     * @throws dev.prompttuning.transformers.memory.TooLittleMemoryException when the model cannot fit into this process' memory
     */
    public static CausalLanguageModel load(Path path, Dtype dtype, Quantization quantization) {
        Precision precision = precision(dtype, quantization);
        ModelFolder folder = ModelFolder.open(path);
        Device device = PyTorch.start(DeviceChoice.AUTO);
        NDManager manager = NDManager.newBaseManager(device, "PyTorch");
        try {
            if (!device.isGpu()) {
                ModelMemory memory = new ModelMemory(folder);
                MemoryNeed need = new MemoryNeed(memory.program(), memory.frozen(precision), 0);
                MemoryBudget.ofProcess().require(need, "serving this model", "raise spec.pod.resources.limits.memory");
            }
            CausalLM model = CausalModels.load(folder, manager, false, precision);
            return new CausalLanguageModel(manager, folder, model, Tokenizer.load(path));
        } catch (RuntimeException e) {
            manager.close();
            folder.close();
            throw e;
        }
    }

    private static Precision precision(Dtype dtype, Quantization quantization) {
        if (quantization == Quantization.INT8) {
            return Precision.INT8;
        }
        return dtype == Dtype.AUTO ? Precision.FLOAT32 : Precision.valueOf(dtype.name());
    }

    public CausalLM model() {
        return model;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    public ModelFolder folder() {
        return folder;
    }

    /** Sampling as {@code generation_config.json} has it, and the end tokens of that file and the tokenizer. */
    public GenerationDefaults defaults() {
        Set<Integer> ends = new HashSet<>();
        tokenizer.eosTokenId().ifPresent(id -> ends.add((int) id));
        return GenerationDefaults.of(folder.generationConfig().orElse(MissingNode.getInstance()), ends);
    }

    @Override
    public DecodeSession begin(Prefix prefix) {
        if (prefix instanceof KeyValuePrefix adapter) {
            if (adapter.closed()) {
                throw ApiException.unavailable("The adapter was replaced or removed just now; ask again.");
            }
            return new CausalSession(adapter.model(), adapter.keyValues());
        }
        return new CausalSession(model, KeyValues.NONE);
    }

    @Override
    public long[] encode(String text, boolean addSpecialTokens) {
        return tokenizer.encode(text, addSpecialTokens);
    }

    @Override
    public TextDecoder decoder() {
        return tokenizer.streamingDecoder();
    }

    @Override
    public void close() {
        model.close();
        tokenizer.close();
        folder.close();
        manager.close();
    }
}
