package dev.prompttuning.trainer.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    private static final Comparison COMPARISON = new Comparison(
            "models/</script>",
            "rows.jsonl",
            List.of(
                    new Entry(
                            "prompt",
                            "PromptTuning",
                            0.01,
                            null,
                            1_536L,
                            460_128L,
                            6_900L,
                            8.44,
                            0.0481,
                            6589.4,
                            300_800_000L,
                            Map.of("loss", 0.25, "exactMatch", 0.975),
                            List.of(2.0, 1.0)),
                    new Entry(
                            "full",
                            "FullFineTuning",
                            0.00001,
                            "ended with exit code 3",
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            Map.of(),
                            List.of())));

    @Test
    void theTableHasALineForEachRun() {
        assertEquals(
                """
                # Methods on models/</script>

                Trained on rows.jsonl. Each ran in a process of its own, one after another.

                | name | method | learning rate | trainable | share | adapter | time | step | tokens/s | peak memory | exactMatch | loss |
                |---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
                | prompt | PromptTuning | 0.01 | 1,536 | 0.334 % | 6.9 kB | 8.4 s | 0.048 s | 6589 | 300.8 MB | 0.9750 | 0.2500 |
                | full | FullFineTuning | 0.00001 | ended with exit code 3 |
                """,
                MarkdownReport.of(COMPARISON));
    }

    @Test
    void thePageHoldsDataAndChartsAndNeedsNoNetwork(@TempDir Path folder) throws IOException {
        COMPARISON.write(folder);
        String page = Files.readString(folder.resolve("comparison.html"));
        assertEquals(2, page.split("</script>", -1).length - 1, "no name ends a script");
        assertTrue(page.contains("Chart.js v"), "the library is in the page");
        assertFalse(page.contains("src="), "nothing is loaded");
        int start = page.indexOf("const comparison = ") + "const comparison = ".length();
        var data = new ObjectMapper().readTree(page.substring(start, page.indexOf(";\nconst entries", start)));
        assertEquals("models/</script>", data.path("baseModel").asText());
        assertEquals(1.0, data.path("entries").path(0).path("losses").path(1).asDouble());
        assertEquals(
                data,
                new ObjectMapper().readTree(folder.resolve("comparison.json").toFile()));
    }
}
