package dev.prompttuning.training.metric;

import dev.prompttuning.training.metric.score.AnswerScores;
import dev.prompttuning.training.metric.score.Bleu;
import dev.prompttuning.training.metric.score.Rouge;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Adds to what given answers score what written ones are like: BLEU, ROUGE, and SQuAD's measures. {@value
 * EvaluationResult#EXACT_MATCH} is of the written text, then.
 */
public record WrittenEvaluator(Evaluator scoring, AnswerWriter writer) implements Evaluator {

    @Override
    public EvaluationResult evaluate() {
        EvaluationResult scored = scoring.evaluate();
        List<Prediction.OfText> written = writer.write();
        return scored.with(metrics(written), Optional.empty(), List.copyOf(written));
    }

    private static Map<String, Double> metrics(List<Prediction.OfText> written) {
        List<String> gold = written.stream().map(Prediction.OfText::gold).toList();
        List<String> predicted =
                written.stream().map(Prediction.OfText::predicted).toList();
        Rouge rouge = Rouge.of(gold, predicted);
        AnswerScores answers = AnswerScores.of(gold.stream().map(List::of).toList(), predicted);
        long exact = written.stream()
                .filter(answer -> answer.gold().equals(answer.predicted()))
                .count();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(EvaluationResult.EXACT_MATCH, (double) exact / Math.max(1, written.size()));
        metrics.put("answerExactMatch", answers.exactMatch());
        metrics.put("answerF1", answers.f1());
        metrics.put("bleu", Bleu.of(gold, predicted));
        metrics.put("rouge1", rouge.rouge1());
        metrics.put("rouge2", rouge.rouge2());
        metrics.put("rougeL", rouge.rougeL());
        return metrics;
    }
}
