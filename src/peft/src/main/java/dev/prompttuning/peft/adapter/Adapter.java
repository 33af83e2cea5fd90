package dev.prompttuning.peft.adapter;

import ai.djl.ndarray.NDArray;

/**
 * A soft prompt as it was saved.
 *
 * @param promptEmbeddings see {@link dev.prompttuning.peft.method.SoftPrompt#promptEmbeddings()}
 */
public record Adapter(AdapterConfig config, NDArray promptEmbeddings) {

    /** Stacks of layers that a prompt has rows for. PEFT makes some for a decoder too, but uses the first stack's only. */
    int submodules() {
        long rows = promptEmbeddings.getShape().get(0);
        int tokens = config.numVirtualTokens();
        return config.taskType().equals(AdapterConfig.SEQ_2_SEQ_LM) && tokens > 0 && rows == 2L * tokens ? 2 : 1;
    }
}
