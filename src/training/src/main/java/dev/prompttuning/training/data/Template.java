package dev.prompttuning.training.data;

import dev.prompttuning.training.UserMistakeException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with placeholders such as {@code {instruction}}.
 *
 * <p>What stands before the answer's placeholder is the prompt, the rest is the answer; a template without that placeholder is
 * all prompt, and the answer follows it at once. Blanks in front of the answer's placeholder belong to the answer: vocabularies
 * hold words together with the blank in front of them.
 */
public final class Template {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z_]+)\\}");

    private final String prompt;
    private final String answer;

    private Template(String prompt, String answer) {
        this.prompt = prompt;
        this.answer = answer;
    }

    /** A template over {@code instruction}, {@code input} and {@code output}. */
    public static Template alpaca(String text) {
        return parse(text, Set.of("instruction", "input"), "output");
    }

    /** A template over {@code prompt} and {@code completion}. */
    public static Template promptCompletion(String text) {
        return parse(text, Set.of("prompt"), "completion");
    }

    private static Template parse(String text, Set<String> inputs, String answerField) {
        boolean anyInput = false;
        int answerAt = -1;
        Matcher matcher = PLACEHOLDER.matcher(text);
        while (matcher.find()) {
            String name = matcher.group(1);
            if (name.equals(answerField)) {
                refuse(answerAt >= 0, "has {" + answerField + "} twice; write it once");
                answerAt = matcher.start();
            } else {
                refuse(
                        !inputs.contains(name),
                        "has the placeholder {" + name + "}; it can have " + braced(inputs) + " and {" + answerField
                                + "}");
                refuse(answerAt >= 0, "has {" + name + "} behind {" + answerField + "}; write the answer last");
                anyInput = true;
            }
        }
        refuse(!anyInput, "has none of " + braced(inputs) + ", so every prompt would be the same; add one");
        int split = answerAt < 0 ? text.length() : answerAt;
        while (answerAt > 0 && split > 0 && text.charAt(split - 1) == ' ') {
            split--;
        }
        return new Template(text.substring(0, split), answerAt < 0 ? "{" + answerField + "}" : text.substring(split));
    }

    private static void refuse(boolean wrong, String why) {
        if (wrong) {
            throw new UserMistakeException("The data set's template " + why + ".");
        }
    }

    private static String braced(Set<String> names) {
        return String.join(
                " and ", names.stream().sorted().map(name -> "{" + name + "}").toList());
    }

    Example fill(Map<String, String> fields) {
        return new Example(fill(prompt, fields), fill(answer, fields));
    }

    private static String fill(String text, Map<String, String> fields) {
        return PLACEHOLDER.matcher(text).replaceAll(found -> Matcher.quoteReplacement(fields.get(found.group(1))));
    }
}
