package dev.prompttuning.training.job;

import ai.djl.ndarray.NDManager;
import dev.prompttuning.api.contract.MethodConfig;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.CausalModels;

/** Loads the base model the way the method needs it. */
final class LoadedModels {

    private LoadedModels() {}

    /** Frozen for prompts, and with gradients for full fine-tuning. */
    static CausalLM forTraining(ModelFolder folder, NDManager manager, TrainConfig config) {
        return CausalModels.load(folder, manager, config.method() instanceof MethodConfig.FullFineTuning);
    }
}
