package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDManager;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.bloom.BloomDecoder;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.gpt2.Gpt2Decoder;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.kernel.Processor;
import dev.prompttuning.transformers.llama.LlamaDecoder;

/** Loads causal language models from Hugging Face folders: the one place that knows all families. */
public final class CausalModels {

    private static final String SUPPORTED = "qwen2, qwen3, llama, mistral, gpt2, bloom";

    private CausalModels() {}

    /** A frozen model, whose single precision weights stay in the mapped file. */
    public static CausalLM load(ModelFolder folder, NDManager parent) {
        return load(folder, parent, false);
    }

    /** A model in single precision; as {@link #load(ModelFolder, NDManager, boolean, Precision)}. */
    public static CausalLM load(ModelFolder folder, NDManager parent, boolean trainable) {
        return load(folder, parent, trainable, Precision.FLOAT32);
    }

    /**
     * @param trainable whether every weight is copied and gets a gradient
     * @param precision of linear maps and embeddings, whatever the files hold. Norms, biases, activations and gradients are single
     *     precision in any case.
     * @throws InvalidModelException when the family is unknown, or a tensor is missing or has the wrong shape
     * @throws IllegalArgumentException when a trainable model is asked for in another precision than single; the message is for people
     */
    public static CausalLM load(ModelFolder folder, NDManager parent, boolean trainable, Precision precision) {
        return load(folder, parent, trainable, precision, Processor.ofMachine());
    }

    /** @param processor decides whether matrices in half precision are multiplied as they are, or in single precision */
    public static CausalLM load(
            ModelFolder folder, NDManager parent, boolean trainable, Precision precision, Processor processor) {
        precision.requireFor(trainable);
        NDManager manager = parent.newSubManager();
        try {
            Weights weights =
                    new Weights(folder.tensors(), folder.path().toString(), manager, trainable, precision, processor);
            ConfigReader config = new ConfigReader(
                    folder.config(), folder.path().resolve("config.json").toString());
            return new CausalLM(weights, made -> decoder(config, made), manager);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private static Decoder decoder(ConfigReader config, Weights weights) {
        String type = config.text("model_type", "");
        return switch (type) {
            case "llama", "mistral", "qwen2", "qwen3" -> LlamaDecoder.of(config, weights);
            case "gpt2" -> Gpt2Decoder.of(config, weights);
            case "bloom" -> BloomDecoder.of(config, weights);
            case "" -> throw config.missing("model_type");
            default -> throw config.unsupported("model_type", type, SUPPORTED);
        };
    }
}
