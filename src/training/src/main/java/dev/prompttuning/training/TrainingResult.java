package dev.prompttuning.training;

import java.util.List;
import java.util.Map;

/**
 * What a run came to.
 *
 * @param outcome how it ended
 * @param steps optimizer steps done, those before a restart included
 * @param losses mean loss of every step
 * @param medianStepSeconds wall time, of the steps of this process but its first
 * @param medianStepCpuSeconds the same in CPU time, which other programs on the machine disturb less
 * @param tokensPerSecond tokens fed by the wall time of the steps of this process
 * @param peakResidentBytes largest resident memory of this process
 * @param metrics the last evaluation's, of the state that is the result
 * @param bestStep after which the result was reached: the last step unless the best state was loaded
 * @param evaluations all of them, those before a restart included
 */
public record TrainingResult(
        Outcome outcome,
        int steps,
        List<Double> losses,
        double medianStepSeconds,
        double medianStepCpuSeconds,
        double tokensPerSecond,
        long peakResidentBytes,
        Map<String, Double> metrics,
        int bestStep,
        List<StepMetrics> evaluations) {

    /** How a run ended. */
    public enum Outcome {
        COMPLETED,
        STOPPED_EARLY,
        /** Asked to stop; a restart goes on. */
        INTERRUPTED
    }

    public TrainingResult {
        losses = List.copyOf(losses);
        metrics = Map.copyOf(metrics);
        evaluations = evaluations == null ? List.of() : List.copyOf(evaluations);
    }
}
