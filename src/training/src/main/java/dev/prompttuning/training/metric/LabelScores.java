package dev.prompttuning.training.metric;

import dev.prompttuning.peft.task.TaskBatch;
import dev.prompttuning.training.data.TaskRow;
import dev.prompttuning.training.data.TaskText;
import dev.prompttuning.training.metric.score.ConfusionMatrix;
import dev.prompttuning.training.metric.score.EntityScores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Labels of texts or of words: F1s and a confusion matrix, and of words the F1 of the entities that their tags tell of. */
public final class LabelScores implements HeadScores {

    private final List<String> labels;
    private final boolean ofWords;
    private final List<List<String>> gold = new ArrayList<>();
    private final List<List<String>> predicted = new ArrayList<>();

    /** @param labels names in the order of their numbers */
    public LabelScores(List<String> labels, boolean ofWords) {
        this.labels = labels;
        this.ofWords = ofWords;
    }

    @Override
    public Prediction add(TaskRow row, float[][] scores) {
        List<String> right = new ArrayList<>();
        List<String> said = new ArrayList<>();
        List<Double> confidence = new ArrayList<>();
        for (int place = 0; place < row.labels().length; place++) {
            if (row.labels()[place] != TaskBatch.IGNORED) {
                int best = Probabilities.likeliest(scores[place]);
                right.add(labels.get((int) row.labels()[place]));
                said.add(labels.get(best));
                confidence.add(Probabilities.of(scores[place], best));
            }
        }
        gold.add(right);
        predicted.add(said);
        return ofWords
                ? new Prediction.OfWords(
                        row.text(TaskText.Words.class)
                                .map(TaskText.Words::words)
                                .orElse(List.of()),
                        right,
                        said,
                        confidence)
                : new Prediction.OfText(
                        row.text(TaskText.Labelled.class)
                                .map(TaskText.Labelled::text)
                                .orElse(""),
                        right.get(0),
                        said.get(0),
                        confidence.get(0));
    }

    @Override
    public Map<String, Double> metrics() {
        ConfusionMatrix matrix = matrix();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("macroF1", matrix.macroF1());
        metrics.put("microF1", matrix.microF1());
        if (ofWords) {
            EntityScores entities = EntityScores.of(gold, predicted);
            metrics.put("entityPrecision", entities.precision());
            metrics.put("entityRecall", entities.recall());
            metrics.put("entityF1", entities.f1());
        }
        return metrics;
    }

    @Override
    public Optional<ConfusionMatrix> confusion() {
        return Optional.of(matrix());
    }

    private ConfusionMatrix matrix() {
        return ConfusionMatrix.of(labels, numbers(gold), numbers(predicted));
    }

    private int[] numbers(List<List<String>> names) {
        return names.stream().flatMap(List::stream).mapToInt(labels::indexOf).toArray();
    }
}
