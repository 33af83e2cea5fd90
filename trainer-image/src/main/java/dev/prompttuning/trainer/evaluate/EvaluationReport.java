package dev.prompttuning.trainer.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.metric.EvaluationResult;
import dev.prompttuning.training.metric.score.ConfusionMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What {@code --result} writes.
 *
 * @param labels precision, recall and F1 of each label; null where the task has no labels
 * @param confusion null where the task has no labels
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EvaluationReport(
        int rows, Map<String, Double> metrics, List<LabelLine> labels, ConfusionMatrix confusion) {

    /** @param count how often it is right */
    public record LabelLine(String label, double precision, double recall, double f1, long count) {}

    /** The report of an evaluation. */
    public static EvaluationReport of(EvaluationResult result) {
        return new EvaluationReport(
                result.rows(),
                result.metrics(),
                result.confusion().map(EvaluationReport::lines).orElse(null),
                result.confusion().orElse(null));
    }

    private static List<LabelLine> lines(ConfusionMatrix matrix) {
        return IntStream.range(0, matrix.labels().size())
                .mapToObj(label -> new LabelLine(
                        matrix.labels().get(label),
                        matrix.precision(label),
                        matrix.recall(label),
                        matrix.f1(label),
                        Arrays.stream(matrix.counts()[label]).sum()))
                .toList();
    }

    /** Writes it as JSON. */
    public void write(Path file) {
        try {
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), this);
        } catch (IOException e) {
            throw new UserMistakeException("--result " + file + " cannot be written: " + e.getMessage() + ".");
        }
    }
}
