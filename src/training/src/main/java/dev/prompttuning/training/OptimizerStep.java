package dev.prompttuning.training;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.training.objective.Objective;
import dev.prompttuning.training.optimizer.AdamW;
import dev.prompttuning.training.optimizer.GradientNorm;
import dev.prompttuning.training.optimizer.LearningRateSchedule;
import dev.prompttuning.training.optimizer.LossScale;
import java.util.Collection;
import java.util.List;

/**
 * From rows to new parameters: the gradient of a step's batches together, its norm and clipping, and the optimizer's update. What
 * it draws at random follows from the seed and the step's number alone.
 */
final class OptimizerStep {

    private final Trainer.Setup setup;
    private final TrainingSettings settings;
    private final LearningRateSchedule schedule;
    private final AdamW optimizer;
    private final LossScale scale;
    private final Collection<NDArray> parameters;

    /**
     * @param loss of the step's labels, before the update
     * @param gradientNorm before clipping
     */
    record Taken(Loss loss, double gradientNorm) {}

    OptimizerStep(
            Trainer.Setup setup,
            TrainingSettings settings,
            LearningRateSchedule schedule,
            AdamW optimizer,
            LossScale scale) {
        this.setup = setup;
        this.settings = settings;
        this.schedule = schedule;
        this.optimizer = optimizer;
        this.scale = scale;
        this.parameters = setup.parameters().values();
    }

    /**
     * @param batches of row numbers, whose gradients are added up
     * @throws DivergedException when the loss or the gradient is not finite
     */
    Taken take(List<int[]> batches, int step) {
        Loss loss = gradients(batches, step);
        double norm = norm();
        while (!Double.isFinite(norm) && scale.shrink()) {
            // No update is made of such gradients: the step is taken again, with the same rows and random numbers.
            GradientNorm.clear(parameters);
            loss = gradients(batches, step);
            norm = norm();
        }
        checkFinite("gradient", norm, step);
        double clipping = GradientNorm.clipping(norm, settings.optimization().maxGradNorm());
        optimizer.step(schedule.at(step), clipping / scale.factor());
        scale.succeeded();
        return new Taken(loss, norm);
    }

    /** The scaled gradient of the mean over all labels of the step, however they are spread over batches. */
    private Loss gradients(List<int[]> batches, int step) {
        setup.manager().getEngine().setRandomSeed((int) (settings.seed() * 31 + step));
        List<Objective.Pass> passes = batches.stream()
                .flatMap(batch -> setup.objective().passes(batch).stream())
                .toList();
        int labels = passes.stream().mapToInt(Objective.Pass::labels).sum();
        Loss loss = new Loss(0, 0, 0);
        for (Objective.Pass pass : passes) {
            loss = loss.plus(pass.train(scale.factor() / labels));
        }
        checkFinite("loss", loss.sum(), step);
        return loss;
    }

    private double norm() {
        return GradientNorm.of(parameters) / scale.factor();
    }

    private void checkFinite(String what, double value, int step) {
        if (!Double.isFinite(value)) {
            String kept = setup.checkpoints().isPresent() ? " The last checkpoint, from before that, is kept." : "";
            throw new DivergedException("Training diverged: the " + what + " of step " + (step + 1) + " is "
                    + (Double.isNaN(value) ? "not a number" : "infinite") + " (learning rate " + schedule.at(step)
                    + "); make training.learningRate smaller, or set training.warmup or training.maxGradNorm." + kept);
        }
    }
}
