package dev.prompttuning.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.training.data.EncodedRow.Cut;
import dev.prompttuning.transformers.tokenizer.TokenizedText;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code question}, {@code context} and {@code answers}, which are as in SQuAD: {@code text} and {@code answer_start}, a list
 * each, or empty lists where the context holds no answer. The first answer is learned; no answer is the row's first token.
 *
 * @param maxLength most tokens of a row; a longer context loses its end, and a row whose answer goes with it is left out
 */
public record AnswerReader(Tokenizer tokenizer, Columns columns, int maxLength) implements RowReader<TaskRow> {

    private static final int CONTEXT = 1;

    @Override
    public TaskRow read(JsonNode row) throws RowFormatException {
        String context = columns.required(row, "context");
        JsonNode answers = columns.structure(row, "answers");
        if (!answers.path("text").isArray() || !answers.path("answer_start").isArray()) {
            throw new RowFormatException(
                    "\"" + columns.column("answers") + "\" lacks the list \"text\" or \"answer_start\"");
        }
        String question = columns.required(row, "question");
        TokenizedText whole = tokenizer.tokenize(question, context);
        TokenizedText tokens = whole.cutTo(maxLength);
        return new TaskRow(
                tokens.ids(),
                tokens.types(),
                labels(answers, context, tokens),
                tokens == whole ? Cut.NOTHING : Cut.TEXT,
                Optional.of(new TaskText.Question(question, context, texts(answers))));
    }

    @Override
    public TaskRow forTraining(TaskRow row) {
        return row.withoutText();
    }

    private static List<String> texts(JsonNode answers) {
        List<String> texts = new ArrayList<>();
        answers.path("text").forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private long[] labels(JsonNode answers, String context, TokenizedText tokens) throws RowFormatException {
        if (answers.path("text").isEmpty()) {
            return new long[] {0, 0};
        }
        String answer = answers.path("text").path(0).asText();
        int codePoints = answers.path("answer_start").path(0).asInt(-1);
        if (codePoints < 0 || codePoints > context.codePointCount(0, context.length())) {
            throw new RowFormatException("\"answer_start\" lies outside of the context");
        }
        int start = context.offsetByCodePoints(0, codePoints);
        if (answer.isBlank() || !context.startsWith(answer, start)) {
            throw new RowFormatException("the context does not hold the answer at \"answer_start\"");
        }
        int first = tokenAt(tokens, start + leadingBlanks(answer));
        int last = tokenAt(tokens, start + answer.stripTrailing().length() - 1);
        if (first < 0 || last < 0) {
            throw new RowFormatException("the answer lies beyond maxLength " + maxLength);
        }
        return new long[] {first, last};
    }

    private static int leadingBlanks(String answer) {
        return answer.length() - answer.stripLeading().length();
    }

    private static int tokenAt(TokenizedText tokens, int place) {
        for (int token = 0; token < tokens.length(); token++) {
            if (tokens.texts()[token] == CONTEXT && tokens.starts()[token] <= place && place < tokens.ends()[token]) {
                return token;
            }
        }
        return -1;
    }
}
