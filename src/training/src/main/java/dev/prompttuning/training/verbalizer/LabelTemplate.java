package dev.prompttuning.training.verbalizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.data.Columns;
import dev.prompttuning.training.data.RowFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with placeholders for a row's columns, such as {@code {text}}, and behind them {@code {label}}. What stands before the label
 * is the prompt, the rest is the answer; without a label's place the answer follows at once. Blanks in front of the label belong to
 * the answer.
 */
record LabelTemplate(String prompt, String answer) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z_]\\w*)\\}");
    private static final String LABEL = "{label}";

    /** @throws UserMistakeException when the template has no text, or no place for the label where it can be learned */
    static LabelTemplate of(String template) {
        int at = template.indexOf(LABEL);
        int split = at < 0 ? template.length() : at;
        while (at >= 0 && split > 0 && template.charAt(split - 1) == ' ') {
            split--;
        }
        LabelTemplate parts =
                new LabelTemplate(template.substring(0, split), at < 0 ? LABEL : template.substring(split));
        if (names(parts.prompt()).isEmpty()) {
            throw mistake(template, "has no column in front of " + LABEL + "; write one, such as {text}");
        }
        if (names(parts.answer()).size() > 1) {
            throw mistake(template, "has a placeholder behind " + LABEL + "; write the label last");
        }
        return parts;
    }

    private static UserMistakeException mistake(String template, String what) {
        return new UserMistakeException("dataset.templates: \"" + template + "\" " + what + ".");
    }

    private static List<String> names(String text) {
        List<String> names = new ArrayList<>();
        Matcher found = PLACEHOLDER.matcher(text);
        while (found.find()) {
            names.add(found.group(1));
        }
        return names;
    }

    String prompt(JsonNode row, Columns columns) throws RowFormatException {
        StringBuilder text = new StringBuilder();
        Matcher found = PLACEHOLDER.matcher(prompt);
        while (found.find()) {
            found.appendReplacement(text, Matcher.quoteReplacement(columns.required(row, found.group(1))));
        }
        return found.appendTail(text).toString();
    }

    String answer(String word) {
        return answer.replace(LABEL, word);
    }
}
