package dev.prompttuning.transformers.seq2seq;

import ai.djl.ndarray.NDManager;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.Weights;
import dev.prompttuning.transformers.t5.T5;
import java.util.Set;

/**
 * Loads models with an encoder and a decoder from Hugging Face folders: the one place that knows all families. Dropout that {@code
 * config.json} asks for is not applied.
 */
public final class Seq2SeqModels {

    private static final Set<String> FAMILIES = Set.of("t5", "mt5");
    private static final String SUPPORTED = "t5, mt5";

    private Seq2SeqModels() {}

    /** Whether a model is of one of these families. */
    public static boolean know(ModelFolder folder) {
        return FAMILIES.contains(folder.modelType());
    }

    /**
     * @param trainable whether every weight is copied and gets a gradient
     * @param precision of linear maps and embeddings, whatever the files hold
     * @throws InvalidModelException when the family is unknown, or a tensor is missing or has the wrong shape
     * @throws IllegalArgumentException when the precision does not suit; the message is for people
     */
    public static Seq2SeqLM load(ModelFolder folder, NDManager parent, boolean trainable, Precision precision) {
        precision.requireFor(trainable);
        ConfigReader config = new ConfigReader(
                folder.config(), folder.path().resolve("config.json").toString());
        if (!know(folder)) {
            throw config.unsupported("model_type", folder.modelType(), SUPPORTED);
        }
        if (precision == Precision.FLOAT16) {
            throw new IllegalArgumentException(
                    "Precision FLOAT16 holds nothing beyond 65504, which T5's layers exceed; choose BFLOAT16 or FLOAT32.");
        }
        NDManager manager = parent.newSubManager();
        try {
            Weights weights = new Weights(folder.tensors(), folder.path().toString(), manager, trainable, precision);
            return new Seq2SeqLM(weights, new T5(config), manager);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }
}
