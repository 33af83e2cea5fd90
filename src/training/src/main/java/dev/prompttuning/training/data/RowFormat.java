package dev.prompttuning.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/** What the columns of a row mean. */
public sealed interface RowFormat {

    /** @throws RowFormatException when the row lacks something */
    Example example(JsonNode row) throws RowFormatException;

    /**
     * Alpaca's {@code instruction}, {@code input} (may be missing or empty) and {@code output}.
     *
     * @param template empty for headed sections, of which the input's is left out where there is no input
     */
    record Alpaca(Optional<Template> template, Columns columns) implements RowFormat {
        private static final Template SECTIONS = Template.alpaca(
                "### Instruction:\n{instruction}\n\n### Input:\n{input}\n\n### Response:\n{output}",
                Optional.of("### Instruction:\n{instruction}\n\n### Response:\n{output}"),
                Optional.empty());

        @Override
        public Example example(JsonNode row) throws RowFormatException {
            return template.orElse(SECTIONS)
                    .fill(Map.of(
                            "instruction",
                            columns.required(row, "instruction"),
                            "input",
                            columns.optional(row, "input").orElse(""),
                            "output",
                            columns.required(row, "output")));
        }
    }

    /**
     * {@code prompt} and {@code completion}.
     *
     * @param template empty for one right behind the other
     */
    record PromptCompletion(Optional<Template> template, Columns columns) implements RowFormat {

        @Override
        public Example example(JsonNode row) throws RowFormatException {
            String prompt = columns.required(row, "prompt");
            String completion = columns.required(row, "completion");
            return template.map(given -> given.fill(Map.of("prompt", prompt, "completion", completion)))
                    .orElseGet(() -> new Example(prompt, completion));
        }
    }

    /** {@code text}, all of which is learned. */
    record Text(Columns columns) implements RowFormat {

        @Override
        public Example example(JsonNode row) throws RowFormatException {
            return new Example("", columns.required(row, "text"));
        }
    }
}
