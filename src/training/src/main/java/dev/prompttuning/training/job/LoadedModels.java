package dev.prompttuning.training.job;

import ai.djl.ndarray.NDManager;
import dev.prompttuning.api.contract.MethodConfig;
import dev.prompttuning.api.contract.ModelSource;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.model.Dtype;
import dev.prompttuning.api.model.Quantization;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.head.HeadSpec;
import dev.prompttuning.transformers.head.TaskModel;
import dev.prompttuning.transformers.head.TaskModels;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.CausalModels;
import dev.prompttuning.transformers.seq2seq.Seq2SeqLM;
import dev.prompttuning.transformers.seq2seq.Seq2SeqModels;

/** Loads the base model the way the method needs it. */
final class LoadedModels {

    private LoadedModels() {}

    /**
     * Frozen for prompts, and with gradients for full fine-tuning.
     *
     * @throws UserMistakeException when weights are to be trained in half precision
     */
    static CausalLM forTraining(ModelFolder folder, NDManager manager, TrainConfig config) {
        return CausalModels.load(folder, manager, isTrainable(config), precision(config));
    }

    /** As {@link #forTraining}, with a head. */
    static TaskModel withHead(ModelFolder folder, NDManager manager, TrainConfig config, HeadSpec head) {
        return TaskModels.load(folder, manager, isTrainable(config), precision(config), head);
    }

    /** As {@link #forEvaluation}, with a head. */
    static TaskModel withFrozenHead(ModelFolder folder, NDManager manager, TrainConfig config, HeadSpec head) {
        return TaskModels.load(folder, manager, false, precision(config), head);
    }

    /** As {@link #forTraining}, with an encoder and a decoder. */
    static Seq2SeqLM seq2seq(ModelFolder folder, NDManager manager, TrainConfig config) {
        return seq2seq(folder, manager, isTrainable(config), precision(config));
    }

    /** As {@link #forEvaluation}, with an encoder and a decoder. */
    static Seq2SeqLM frozenSeq2seq(ModelFolder folder, NDManager manager, TrainConfig config) {
        return seq2seq(folder, manager, false, precision(config));
    }

    private static Seq2SeqLM seq2seq(ModelFolder folder, NDManager manager, boolean trainable, Precision precision) {
        try {
            return Seq2SeqModels.load(folder, manager, trainable, precision);
        } catch (IllegalArgumentException e) {
            throw new UserMistakeException("baseModel.dtype or training.precision: " + e.getMessage(), e);
        }
    }

    private static boolean isTrainable(TrainConfig config) {
        boolean trainable = config.method() instanceof MethodConfig.FullFineTuning;
        Precision precision = precision(config);
        if (trainable && precision == Precision.INT8) {
            throw new UserMistakeException(
                    "method.fullFineTuning trains the weights, which baseModel.quantization Int8 freezes; leave one of them out.");
        }
        if (trainable && precision.isHalf()) {
            throw new UserMistakeException(
                    "baseModel.dtype or training.precision is %s, but fullFineTuning trains the weights, which stay Float32; leave both out."
                            .formatted(precision));
        }
        return trainable;
    }

    /** Frozen, in the precision that the configuration asks for. */
    static CausalLM forEvaluation(ModelFolder folder, NDManager manager, TrainConfig config) {
        return CausalModels.load(folder, manager, false, precision(config));
    }

    /** Half precision weights are multiplied in half precision where that is faster, so either setting asks for both. */
    static Precision precision(TrainConfig config) {
        ModelSource model = config.baseModel();
        if (model.quantization() == Quantization.INT8) {
            return Precision.INT8;
        }
        Dtype dtype = model.dtype() == Dtype.AUTO
                ? Dtype.valueOf(config.training().precision().name())
                : model.dtype();
        return dtype == Dtype.AUTO ? Precision.FLOAT32 : Precision.valueOf(dtype.name());
    }
}
