package dev.prompttuning.training.checkpoint;

import dev.prompttuning.training.StepMetrics;
import dev.prompttuning.training.optimizer.LossScale;
import java.util.List;
import java.util.Optional;

/**
 * Where a run is, besides its tensors. The data position and the random state follow from {@code step}: batches and random
 * numbers are functions of the seed and the step.
 *
 * @param fingerprint of everything that decides the outcome; a run goes on only from its own checkpoints
 * @param step optimizer steps done
 * @param losses mean loss of each step done
 * @param tokens tokens trained on so far
 * @param best the best evaluation so far
 * @param evaluationsWithoutGain evaluations since the best one
 * @param stoppedEarly whether the run is over before its last step
 * @param evaluations so far
 * @param lossScale of gradients in half precision; null where none was saved
 */
public record TrainingState(
        String fingerprint,
        int step,
        List<Double> losses,
        long tokens,
        Optional<Best> best,
        int evaluationsWithoutGain,
        boolean stoppedEarly,
        List<StepMetrics> evaluations,
        LossScale.State lossScale) {

    /**
     * @param step after which it was evaluated
     * @param metric by which it is the best
     */
    public record Best(int step, double metric) {}

    public TrainingState {
        losses = List.copyOf(losses);
        evaluations = evaluations == null ? List.of() : List.copyOf(evaluations);
    }

    public static TrainingState start(String fingerprint) {
        return new TrainingState(fingerprint, 0, List.of(), 0, Optional.empty(), 0, false, List.of(), null);
    }
}
