package dev.prompttuning.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.peft.task.TaskBatch;
import dev.prompttuning.training.data.EncodedRow.Cut;
import dev.prompttuning.transformers.tokenizer.TokenizedText;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code tokens}, which are words, and {@code tags}, one for each word. A word's tag is that of its first piece; other pieces
 * have none. Words are joined by spaces, since some tokenizers tell words by them.
 *
 * @param labels the tags' names in the order of their numbers
 * @param maxLength most tokens of a row; a longer one loses its last words
 */
public record TaggedReader(Tokenizer tokenizer, Columns columns, List<String> labels, int maxLength)
        implements RowReader<TaskRow> {

    public TaggedReader {
        labels = List.copyOf(labels);
    }

    @Override
    public TaskRow read(JsonNode row) throws RowFormatException {
        List<String> words = texts(row, "tokens");
        List<String> tags = texts(row, "tags");
        if (words.size() != tags.size()) {
            throw new RowFormatException("there are %d words and %d tags".formatted(words.size(), tags.size()));
        }
        long[] numbers = new long[tags.size()];
        for (int word = 0; word < numbers.length; word++) {
            numbers[word] = LabeledReader.number(tags.get(word), labels);
        }
        TokenizedText whole = tokenizer.tokenize(String.join(" ", words));
        TokenizedText tokens = whole.cutTo(maxLength);
        int[] wordOfToken = firstPieces(tokens, words);
        long[] labels = Arrays.stream(wordOfToken)
                .mapToLong(word -> word < 0 ? TaskBatch.IGNORED : numbers[word])
                .toArray();
        List<String> seen = Arrays.stream(wordOfToken)
                .filter(word -> word >= 0)
                .mapToObj(words::get)
                .toList();
        return new TaskRow(
                tokens.ids(),
                tokens.types(),
                labels,
                tokens == whole ? Cut.NOTHING : Cut.TEXT,
                Optional.of(new TaskText.Words(seen)));
    }

    @Override
    public TaskRow forTraining(TaskRow row) {
        return row.withoutText();
    }

    private List<String> texts(JsonNode row, String field) throws RowFormatException {
        JsonNode array = columns.structure(row, field);
        if (!array.isArray()) {
            throw new RowFormatException("\"" + columns.column(field) + "\" is missing or no list");
        }
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** By token the number of the word that it begins, or -1. */
    private static int[] firstPieces(TokenizedText tokens, List<String> words) {
        int[] begun = new int[tokens.length()];
        Arrays.fill(begun, -1);
        int word = -1;
        int wordEnd = -1;
        for (int token = 0; token < begun.length; token++) {
            if (tokens.texts()[token] == TokenizedText.SPECIAL) {
                continue;
            }
            // A token may begin with the space in front of its word, or be nothing but that.
            int place = Math.max(tokens.starts()[token], tokens.ends()[token] - 1);
            while (place >= wordEnd && word + 1 < words.size()) {
                word++;
                wordEnd += 1 + words.get(word).length();
                begun[token] = word;
            }
        }
        return begun;
    }
}
