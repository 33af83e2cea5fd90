package dev.prompttuning.trainer.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.training.UserMistakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a comparison came to.
 *
 * @param data the training data, as people call them
 */
public record Comparison(String baseModel, String data, List<Entry> entries) {

    /** Writes {@code comparison.md}, {@code comparison.html} and {@code comparison.json}. */
    public void write(Path folder) {
        try {
            Files.writeString(folder.resolve("comparison.md"), MarkdownReport.of(this));
            Files.writeString(folder.resolve("comparison.html"), HtmlReport.of(this));
            Files.writeString(folder.resolve("comparison.json"), json() + "\n");
        } catch (IOException e) {
            throw new UserMistakeException("--out " + folder + " cannot be written: " + e.getMessage() + ".");
        }
    }

    String json() {
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Records of plain values can always be written", e);
        }
    }
}
