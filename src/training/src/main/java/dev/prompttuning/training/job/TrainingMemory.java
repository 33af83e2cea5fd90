package dev.prompttuning.training.job;

import dev.prompttuning.api.contract.MethodConfig;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.tuning.Task;
import dev.prompttuning.training.data.Row;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.memory.MemoryBudget;
import dev.prompttuning.transformers.memory.MemoryNeed;
import dev.prompttuning.transformers.memory.ModelMemory;
import java.util.Comparator;
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
        budget.require(need, "this training", remedy(need, config.training().gradientCheckpointing()));
    }

    private static String remedy(MemoryNeed need, boolean checkpointing) {
        String limit = "raise spec.pod.resources.limits.memory";
        if (need.activations() < need.total() / 4) {
            return limit;
        }
        String smaller = "make training.batchSize or dataset.maxLength smaller";
        return checkpointing
                ? limit + ", or " + smaller
                : limit + ", " + smaller + ", or set training.gradientCheckpointing";
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
        return model.frozen(LoadedModels.precision(config));
    }

    /** Tokens of the longest rows, which a batch may well be made of, because rows of like length go together. */
    private static long largestBatch(List<? extends Row> rows, int batchSize) {
        return rows.stream()
                .map(Row::length)
                .sorted(Comparator.reverseOrder())
                .limit(batchSize)
                .mapToLong(Integer::longValue)
                .sum();
    }
}
