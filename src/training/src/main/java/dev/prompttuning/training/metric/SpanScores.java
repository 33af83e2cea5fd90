package dev.prompttuning.training.metric;

import dev.prompttuning.training.data.TaskRow;
import dev.prompttuning.training.data.TaskText;
import dev.prompttuning.training.metric.score.AnswerScores;
import dev.prompttuning.transformers.tokenizer.TokenizedText;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Answers that are sought in a text, by SQuAD's rules. The answer is the span of the context whose first and last token have the
 * highest sum of scores, of {@value #LONGEST} tokens at most, as BERT's run on SQuAD has it; none, whose score is that of the row's
 * first token, is offered where the rows have questions without an answer.
 */
final class SpanScores implements HeadScores {

    private static final int LONGEST = 30;
    private static final int CONTEXT = 1;
    private static final int START = 0;
    private static final int END = 1;

    private final Tokenizer tokenizer;
    private final boolean offersNone;
    private final List<List<String>> gold = new ArrayList<>();
    private final List<String> predicted = new ArrayList<>();

    SpanScores(Tokenizer tokenizer, List<TaskRow> rows) {
        this.tokenizer = tokenizer;
        this.offersNone = rows.stream().anyMatch(row -> question(row).answers().isEmpty());
    }

    private static TaskText.Question question(TaskRow row) {
        return row.text(TaskText.Question.class)
                .orElseThrow(() -> new IllegalStateException("The row was read without its text"));
    }

    /** First and last token. */
    private record Span(int first, int last) {}

    @Override
    public Prediction add(TaskRow row, float[][] scores) {
        TaskText.Question question = question(row);
        TokenizedText tokens =
                tokenizer.tokenize(question.question(), question.context()).cutTo(row.length());
        Span best = best(tokens, scores);
        String answer = tokens.texts()[best.first()] == CONTEXT
                ? question.context()
                        .substring(tokens.starts()[best.first()], tokens.ends()[best.last()])
                        .strip()
                : "";
        gold.add(question.answers());
        predicted.add(answer);
        double confidence = Probabilities.of(column(scores, START, row.length()), best.first())
                * Probabilities.of(column(scores, END, row.length()), best.last());
        return new Prediction.OfQuestion(
                new Prediction.Question(question.question(), question.context()),
                question.answers(),
                answer,
                confidence);
    }

    private Span best(TokenizedText tokens, float[][] scores) {
        Span none = new Span(0, 0);
        Span best = none;
        double highest = offersNone ? score(none, scores) : Double.NEGATIVE_INFINITY;
        for (int first = 0; first < tokens.length(); first++) {
            for (int last = first; last < Math.min(tokens.length(), first + LONGEST); last++) {
                Span span = new Span(first, last);
                boolean inContext = tokens.texts()[first] == CONTEXT && tokens.texts()[last] == CONTEXT;
                if (inContext && score(span, scores) > highest) {
                    best = span;
                    highest = score(span, scores);
                }
            }
        }
        return best;
    }

    private static double score(Span span, float[][] scores) {
        return (double) scores[span.first()][START] + scores[span.last()][END];
    }

    private static float[] column(float[][] scores, int column, int length) {
        float[] values = new float[length];
        for (int token = 0; token < length; token++) {
            values[token] = scores[token][column];
        }
        return values;
    }

    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        AnswerScores all = AnswerScores.of(gold, predicted);
        metrics.put("answerExactMatch", all.exactMatch());
        metrics.put("answerF1", all.f1());
        if (offersNone) {
            metrics.put("answerableF1", of(false).f1());
            metrics.put("unanswerableF1", of(true).f1());
        }
        return metrics;
    }

    private AnswerScores of(boolean unanswerable) {
        int[] some = IntStream.range(0, gold.size())
                .filter(i -> gold.get(i).isEmpty() == unanswerable)
                .toArray();
        return AnswerScores.of(
                IntStream.of(some).mapToObj(gold::get).toList(),
                IntStream.of(some).mapToObj(predicted::get).toList());
    }
}
