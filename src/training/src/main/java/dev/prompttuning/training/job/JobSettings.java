package dev.prompttuning.training.job;

import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.training.TrainingSettings;
import java.util.OptionalInt;

/** The loop's settings as the configuration gives them. */
final class JobSettings {

    private JobSettings() {}

    static TrainingSettings of(TrainConfig.Loop loop) {
        return new TrainingSettings(
                new TrainingSettings.Batches(
                        loop.epochs() == null ? 0 : loop.epochs(),
                        optional(loop.maxSteps()),
                        loop.batchSize(),
                        loop.gradientAccumulationSteps(),
                        true),
                new TrainingSettings.Optimization(
                        loop.learningRate(),
                        loop.scheduler(),
                        loop.warmupSteps() == null ? loop.warmupRatio() : loop.warmupSteps(),
                        loop.weightDecay(),
                        loop.maxGradNorm()),
                new TrainingSettings.Evaluation(
                        optional(loop.evaluationSteps()),
                        loop.metric(),
                        loop.loadBest(),
                        optional(loop.patience()),
                        loop.minDelta()),
                new TrainingSettings.Checkpoints(loop.checkpointSteps(), loop.checkpointKeep()),
                loop.seed());
    }

    private static OptionalInt optional(Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
