package dev.prompttuning.serving.base;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.api.model.Dtype;
import dev.prompttuning.api.model.Quantization;
import dev.prompttuning.serving.causal.CausalLanguageModel;
import dev.prompttuning.serving.seq2seq.Seq2SeqLanguageModel;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.memory.MemoryBudget;
import dev.prompttuning.transformers.memory.MemoryNeed;
import dev.prompttuning.transformers.memory.ModelMemory;
import dev.prompttuning.transformers.model.CausalModels;
import dev.prompttuning.transformers.seq2seq.Seq2SeqModels;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.nio.file.Path;

/** Loads base models of any kind. */
public final class LanguageModels {

    private LanguageModels() {}

    /**
     * @param quantization null for none
     * @param device as the started engine gave it
     * @throws InvalidModelException when the folder cannot be used, or not with this type
     * @throws dev.prompttuning.transformers.memory.TooLittleMemoryException when the model cannot fit into this process' memory
     */
    public static BaseLanguageModel load(Path path, Dtype dtype, Quantization quantization, Device device) {
        Precision precision = precision(dtype, quantization);
        ModelFolder folder = ModelFolder.open(path);
        NDManager manager = NDManager.newBaseManager(device, "PyTorch");
        try {
            if (!device.isGpu()) {
                ModelMemory memory = new ModelMemory(folder);
                MemoryNeed need = new MemoryNeed(memory.program(), memory.frozen(precision), 0);
                MemoryBudget.ofProcess().require(need, "serving this model", "raise spec.pod.resources.limits.memory");
            }
            return load(folder, manager, precision);
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

    private static BaseLanguageModel load(ModelFolder folder, NDManager manager, Precision precision) {
        if (!Seq2SeqModels.know(folder)) {
            return new CausalLanguageModel(
                    manager,
                    folder,
                    CausalModels.load(folder, manager, false, precision),
                    Tokenizer.load(folder.path()));
        }
        try {
            return new Seq2SeqLanguageModel(
                    manager,
                    folder,
                    Seq2SeqModels.load(folder, manager, false, precision),
                    Tokenizer.load(folder.path()));
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException("baseModel.dtype: " + e.getMessage(), e);
        }
    }
}
