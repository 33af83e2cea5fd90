package dev.prompttuning.training.metric;

import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.training.metric.score.ConfusionMatrix;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the model does on rows.
 *
 * @param metrics by the names of status and result files, {@value #LOSS} among them
 * @param confusion of labels, where the task has them
 * @param predictions row by row in the order of the data set; empty where answers are scored but not made
 */
public record EvaluationResult(
        Map<String, Double> metrics, int rows, Optional<ConfusionMatrix> confusion, List<Prediction> predictions) {

    /** Mean cross entropy of the labels, in nats. */
    public static final String LOSS = "loss";
    /** The exponential of the loss. */
    public static final String PERPLEXITY = "perplexity";
    /** Share of the labelled tokens that had the highest score. */
    public static final String TOKEN_ACCURACY = "tokenAccuracy";
    /** Share of the labels, of texts, of tokens, or of starts and ends, that had the highest score. */
    public static final String ACCURACY = "accuracy";
    /** Share of rows all of whose labels had. */
    public static final String EXACT_MATCH = "exactMatch";

    public EvaluationResult {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        predictions = List.copyOf(predictions);
    }

    /** Metrics alone. */
    public EvaluationResult(Map<String, Double> metrics, int rows) {
        this(metrics, rows, Optional.empty(), List.of());
    }

    /** A language model's that scores given answers. */
    public static EvaluationResult ofTokens(Loss loss, int rows, double exactMatch) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(LOSS, loss.mean());
        metrics.put(PERPLEXITY, Math.exp(loss.mean()));
        metrics.put(TOKEN_ACCURACY, accuracy(loss));
        metrics.put(EXACT_MATCH, exactMatch);
        return new EvaluationResult(metrics, rows);
    }

    /** A head's. */
    public static EvaluationResult ofLabels(Loss loss, int rows, double exactMatch) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(LOSS, loss.mean());
        metrics.put(ACCURACY, accuracy(loss));
        metrics.put(EXACT_MATCH, exactMatch);
        return new EvaluationResult(metrics, rows);
    }

    private static double accuracy(Loss loss) {
        return (double) loss.correct() / Math.max(1, loss.tokens());
    }

    /** The same with what was found besides. */
    public EvaluationResult with(Map<String, Double> more, Optional<ConfusionMatrix> matrix, List<Prediction> made) {
        Map<String, Double> all = new LinkedHashMap<>(metrics);
        all.putAll(more);
        return new EvaluationResult(all, rows, matrix, made);
    }

    public double loss() {
        return metrics.get(LOSS);
    }
}
