package dev.prompttuning.trainer.compare;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.prompttuning.training.StepMetrics;
import dev.prompttuning.training.job.RunReport;
import java.util.List;
import java.util.Map;

/**
 * A line of the table.
 *
 * @param failure null: the run came to its end; else all that follows {@code learningRate} is absent
 * @param seconds wall time of the training, evaluations included
 * @param stepSeconds median wall time of a step
 * @param losses mean loss of every step
 * @param evaluations on the way
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Entry(
        String name,
        String method,
        double learningRate,
        String failure,
        Long trainableParameters,
        Long allParameters,
        Long adapterBytes,
        Double seconds,
        Double stepSeconds,
        Double tokensPerSecond,
        Long peakResidentBytes,
        Map<String, Double> metrics,
        List<Double> losses,
        List<StepMetrics> evaluations) {

    /** A run that ended with an adapter. */
    public static Entry of(Contestant contestant, RunReport report) {
        var training = report.training();
        var adapter = report.adapter();
        return new Entry(
                contestant.name(),
                adapter.method(),
                contestant.config().training().learningRate(),
                null,
                adapter.trainableParameters(),
                adapter.allParameters(),
                adapter.bytes(),
                adapter.seconds(),
                training.medianStepSeconds(),
                training.tokensPerSecond(),
                training.peakResidentBytes(),
                training.metrics(),
                training.losses(),
                training.evaluations());
    }

    /** A run that did not. */
    public static Entry failed(Contestant contestant, int exitCode) {
        return new Entry(
                contestant.name(),
                contestant.config().method().label(),
                contestant.config().training().learningRate(),
                "ended with exit code " + exitCode,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                List.of(),
                List.of());
    }
}
