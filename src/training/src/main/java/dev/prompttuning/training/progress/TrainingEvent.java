package dev.prompttuning.training.progress;

import dev.prompttuning.training.metric.EvaluationResult;
import java.nio.file.Path;

/** Something a run has to tell. */
public sealed interface TrainingEvent {

    /**
     * The run is about to take its first step.
     *
     * @param trainableParameters numbers that are trained
     * @param allParameters those and the model's
     * @param step steps done before, from a checkpoint
     * @param threads of one operation on the CPU
     */
    record Started(long trainableParameters, long allParameters, int step, int totalSteps, int threads)
            implements TrainingEvent {

        /** The line users of PEFT know. */
        public String parameterLine() {
            return String.format(
                    java.util.Locale.ROOT,
                    "trainable params: %,d || all params: %,d || trainable%%: %.4f",
                    trainableParameters,
                    allParameters,
                    100.0 * trainableParameters / allParameters);
        }
    }

    /**
     * A step has been taken.
     *
     * @param step steps done, from 1
     * @param epoch passes over the data so far
     * @param loss mean over the step's labelled tokens, before the step
     * @param learningRate of the step
     * @param gradientNorm before clipping
     * @param tokens fed in the step, padding and virtual tokens left out
     * @param seconds wall time of the step
     * @param cpuSeconds CPU time of all threads in the step
     */
    record Stepped(
            int step,
            int totalSteps,
            double epoch,
            double loss,
            double learningRate,
            double gradientNorm,
            long tokens,
            double seconds,
            double cpuSeconds)
            implements TrainingEvent {}

    /** @param best whether no earlier evaluation was as good */
    record Evaluated(int step, EvaluationResult result, boolean best) implements TrainingEvent {}

    record Checkpointed(int step, Path folder) implements TrainingEvent {}

    /** @param reason a clause, such as {@code all steps done} */
    record Ended(int step, String reason) implements TrainingEvent {}
}
