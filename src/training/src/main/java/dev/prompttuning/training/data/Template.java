package dev.prompttuning.training.data;

import dev.prompttuning.training.UserMistakeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private final Side withInput;
    private final Side withoutInput;

    /** A prompt and an answer with placeholders. */
    private record Side(String prompt, String answer) {

        Example fill(Map<String, String> fields) {
            return new Example(Template.fill(prompt, fields), Template.fill(answer, fields));
        }
    }

    private Template(Side withInput, Side withoutInput) {
        this.withInput = withInput;
        this.withoutInput = withoutInput;
    }

    /** A template over {@code instruction}, {@code input} and {@code output}, all in one text. */
    public static Template alpaca(String text) {
        return alpaca(text, Optional.empty(), Optional.empty());
    }

    /**
     * A template over {@code instruction}, {@code input} and {@code output}.
     *
     * @param withoutInput for rows without input, where that is another text
     * @param answer what is learned, where it does not stand in the prompt's text
     */
    public static Template alpaca(String prompt, Optional<String> withoutInput, Optional<String> answer) {
        Fields fields = new Fields(Set.of("instruction", "input"), "output");
        Side side = fields.side(prompt, answer);
        return new Template(
                side, withoutInput.map(text -> fields.side(text, answer)).orElse(side));
    }

    /**
     * A template over {@code prompt} and {@code completion}.
     *
     * @param answer what is learned, where it does not stand in the prompt's text
     */
    public static Template promptCompletion(String prompt, Optional<String> answer) {
        Side side = new Fields(Set.of("prompt"), "completion").side(prompt, answer);
        return new Template(side, side);
    }

    Example fill(Map<String, String> fields) {
        return (fields.getOrDefault("input", "").isEmpty() ? withoutInput : withInput).fill(fields);
    }

    private static String fill(String text, Map<String, String> fields) {
        return PLACEHOLDER.matcher(text).replaceAll(found -> Matcher.quoteReplacement(fields.get(found.group(1))));
    }

    /** The placeholders a template may have. */
    private record Fields(Set<String> inputs, String answer) {

        Side side(String prompt, Optional<String> learned) {
            if (learned.isPresent()) {
                refuse(positionOfAnswer(prompt) >= 0, "has {" + answer + "} in its prompt; keep it in its answer");
                refuse(!names(learned.get()).contains(answer), "has an answer without {" + answer + "}; add it");
                return new Side(prompt, learned.get());
            }
            int at = positionOfAnswer(prompt);
            if (at < 0) {
                return new Side(prompt, "{" + answer + "}");
            }
            int split = at;
            while (split > 0 && prompt.charAt(split - 1) == ' ') {
                split--;
            }
            return new Side(prompt.substring(0, split), prompt.substring(split));
        }

        /** Where the answer's placeholder starts in a prompt, or -1, after a look at all placeholders. */
        private int positionOfAnswer(String text) {
            List<String> names = names(text);
            int at = names.indexOf(answer);
            refuse(
                    names.stream().noneMatch(inputs::contains),
                    "has none of " + braced() + " in its prompt, so every prompt would be the same; add one");
            refuse(at != names.lastIndexOf(answer), "has {" + answer + "} twice; write it once");
            refuse(
                    at >= 0 && at < names.size() - 1,
                    "has {" + names.get(names.size() - 1) + "} behind {" + answer + "}; write the answer last");
            return text.indexOf("{" + answer + "}");
        }

        private List<String> names(String text) {
            List<String> names = PLACEHOLDER
                    .matcher(text)
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            for (String name : names) {
                refuse(
                        !inputs.contains(name) && !name.equals(answer),
                        "has the placeholder {" + name + "}; it can have " + braced() + " and {" + answer + "}");
            }
            return names;
        }

        private String braced() {
            return String.join(
                    " and ",
                    inputs.stream().sorted().map(name -> "{" + name + "}").toList());
        }
    }

    private static void refuse(boolean wrong, String why) {
        if (wrong) {
            throw new UserMistakeException("The data set's template " + why + ".");
        }
    }
}
