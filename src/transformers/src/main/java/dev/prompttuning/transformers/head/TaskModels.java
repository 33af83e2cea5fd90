package dev.prompttuning.transformers.head;

import ai.djl.ndarray.NDManager;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.bert.BertEncoder;
import dev.prompttuning.transformers.bert.BertHeads;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.llama.LlamaDecoder;
import dev.prompttuning.transformers.llama.LlamaHeads;
import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.Weights;
import dev.prompttuning.transformers.roberta.RobertaEncoder;
import dev.prompttuning.transformers.roberta.RobertaHeads;

/**
 * Loads models with heads from Hugging Face folders, with or without a head's weights in them: the one place that knows all
 * families. Dropout that {@code config.json} asks for is not applied.
 */
public final class TaskModels {

    private static final String SUPPORTED = "bert, roberta, qwen2, qwen3, llama, mistral";

    private TaskModels() {}

    /**
     * @param trainable whether every weight is copied and gets a gradient, and not only the head's
     * @param precision of the linear maps and embeddings of a frozen model, but for the head
     * @throws InvalidModelException when the family is unknown or has no such head, or a tensor is missing or has the wrong shape
     * @throws IllegalArgumentException when a trainable model is asked for in half precision; the message is for people
     */
    public static TaskModel load(
            ModelFolder folder, NDManager parent, boolean trainable, Precision precision, HeadSpec spec) {
        precision.requireFor(trainable);
        NDManager manager = parent.newSubManager();
        try {
            Weights weights = new Weights(folder.tensors(), folder.path().toString(), manager, trainable, precision);
            ConfigReader config = new ConfigReader(
                    folder.config(), folder.path().resolve("config.json").toString());
            return new TaskModel(weights, made -> layers(config, made), made -> head(config, made, spec), manager);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private static Decoder layers(ConfigReader config, Weights weights) {
        String type = config.text("model_type", "");
        return switch (type) {
            case "bert" -> BertEncoder.of(config, weights);
            case "roberta" -> RobertaEncoder.of(config, weights);
            case "llama", "mistral", "qwen2", "qwen3" -> LlamaDecoder.withoutHead(config, weights);
            case "" -> throw config.missing("model_type");
            default -> throw config.unsupported("model_type", type, SUPPORTED);
        };
    }

    private static TaskHead head(ConfigReader config, Weights weights, HeadSpec spec) {
        HeadWeights made = new HeadWeights(weights, config, spec.seed());
        return switch (config.text("model_type", "")) {
            case "bert" -> BertHeads.of(config, weights, made, spec);
            case "roberta" -> RobertaHeads.of(config, made, spec);
            default -> LlamaHeads.of(config, made, spec);
        };
    }
}
