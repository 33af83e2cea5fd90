package dev.prompttuning.training.job;

import dev.prompttuning.api.contract.MethodConfig;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.tuning.Task;
import dev.prompttuning.training.data.Row;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.kernel.Processor;
import dev.prompttuning.transformers.memory.MemoryBudget;
import dev.prompttuning.transformers.memory.MemoryNeed;
import dev.prompttuning.transformers.memory.ModelMemory;
import java.util.ArrayList;
import java.util.List;

/** The memory that a job will need at its peak. */
final class TrainingMemory {
    /** Weights, gradients, and two moments. */
    private static final int COPIES_OF_TRAINED_WEIGHTS = 4;

    /** Intermediate results of the optimizer's step, which takes one tensor after the other. */
    private static final int COPIES_OF_THE_LARGEST_TENSOR = 10;

    private TrainingMemory() {}

    /** @throws dev.prompttuning.transformers.memory.TooLittleMemoryException when the job cannot fit */
    static void check(MemoryBudget budget, ModelFolder model, TrainConfig config, TrainingData<?> data) {
        MemoryNeed need = need(new ModelMemory(model), config, data);
        budget.require(need, "this training", remedy(need, config));
    }

    /** All that would help, and is not done yet. */
    private static String remedy(MemoryNeed need, TrainConfig config) {
        List<String> remedies = new ArrayList<>();
        remedies.add("raise spec.pod.resources.limits.memory");
        boolean frozen = !(config.method() instanceof MethodConfig.FullFineTuning);
        if (frozen && LoadedModels.precision(config) != Precision.INT8 && need.weights() >= need.total() / 4) {
            remedies.add("set baseModel.quantization to Int8");
        }
        if (need.activations() >= need.total() / 4) {
            remedies.add("make training.batchSize or dataset.maxLength smaller");
            if (!config.training().gradientCheckpointing()) {
                remedies.add("set training.gradientCheckpointing");
            }
        }
        int last = remedies.size() - 1;
        String first = String.join(", ", remedies.subList(0, last));
        return last == 0 ? remedies.get(0) : first + ", or " + remedies.get(last);
    }

    static MemoryNeed need(ModelMemory model, TrainConfig config, TrainingData<?> data) {
        return new MemoryNeed(model.program(), weights(model, config, data), activations(model, config, data.train()));
    }

    private static long activations(ModelMemory model, TrainConfig config, List<? extends Row> rows) {
        boolean recomputed = config.training().gradientCheckpointing();
        return config.task() == Task.SEQ2SEQ_LM
                ? Seq2SeqMemory.of(model, recomputed).activations(rows, config)
                : model.activationsPerToken(recomputed)
                        * largestBatch(rows, config.training().batchSize());
    }

    private static long weights(ModelMemory model, TrainConfig config, TrainingData<?> data) {
        if (config.method() instanceof MethodConfig.FullFineTuning) {
            // An evaluation keeps the best weights so far.
            int best = data.evaluation().isEmpty() ? 0 : 1;
            return model.copied() * (COPIES_OF_TRAINED_WEIGHTS + best)
                    + model.largestTensor() * COPIES_OF_THE_LARGEST_TENSOR;
        }
        Precision precision = LoadedModels.precision(config);
        boolean packs = precision == Precision.INT8 || !Processor.ofMachine().multiplies(precision);
        return model.frozen(precision) + (packs ? model.decodedLayer() : 0);
    }

    /** Tokens of the longest rows, which a batch may well be made of, because rows of like length go together. */
    private static long largestBatch(List<? extends Row> rows, int batchSize) {
        return rows.stream()
                .mapToInt(row -> -row.length())
                .sorted()
                .limit(batchSize)
                .mapToLong(length -> -length)
                .sum();
    }
}
