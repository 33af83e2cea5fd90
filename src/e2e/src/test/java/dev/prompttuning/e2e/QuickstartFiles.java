package dev.prompttuning.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The example of {@code examples/quickstart}. */
public final class QuickstartFiles {
    private static final Path FOLDER = Path.of(System.getProperty("project.root"), "examples");

    private QuickstartFiles() {}

    /** One row of the held-out data. */
    public record Question(String prompt, String completion) {}

    /** The manifests that are applied as they stand. */
    public static Path manifest() {
        return FOLDER.resolve("quickstart.yaml");
    }

    /** Makes the claims {@code quickstart}, filled, and {@code adapters}, empty. */
    public static void claims(TestNamespace namespace) {
        namespace.claim("quickstart");
        namespace.claim("adapters");
        try (ClaimFiles files = namespace.files("quickstart", "adapters")) {
            files.copy(FOLDER.resolve("quickstart"), "quickstart");
        }
    }

    /** One question for each answer there is. */
    public static List<Question> questions() {
        try (var lines = Files.lines(FOLDER.resolve("quickstart").resolve("held-out.jsonl"))) {
            var seen = new java.util.HashSet<String>();
            return lines.map(QuickstartFiles::question)
                    .filter(question -> seen.add(question.completion()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Question question(String line) {
        try {
            JsonNode row = new ObjectMapper().readTree(line);
            return new Question(
                    row.path("prompt").asText(), row.path("completion").asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
