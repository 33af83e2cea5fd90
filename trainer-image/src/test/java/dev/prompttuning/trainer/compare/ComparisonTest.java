package dev.prompttuning.trainer.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.training.StepMetrics;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class ComparisonTest {
    private static final Comparison COMPARISON = new Comparison(
            "models/</script>",
            "rows.jsonl",
            "exactMatch",
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
                            List.of(2.0, 1.0),
                            List.of(
                                    new StepMetrics(1, Map.of("loss", 1.5, "exactMatch", 0.5)),
                                    new StepMetrics(2, Map.of("loss", 0.25, "exactMatch", 0.975)))),
                    new Entry(
                            "more < all",
                            "LoRA",
                            0.0002,
                            null,
                            15_360L,
                            473_952L,
                            60_000L,
                            9.5,
                            0.05,
                            6000.1,
                            310_000_000L,
                            Map.of("loss", 0.5),
                            List.of(3.0, 2.5),
                            List.of()),
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
                            List.of(),
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
                | more < all | LoRA | 0.0002 | 15,360 | 3.24 % | 60.0 kB | 9.5 s | 0.050 s | 6000 | 310.0 MB |  | 0.5000 |
                | full | FullFineTuning | 0.00001 | ended with exit code 3 |
                """,
                MarkdownReport.of(COMPARISON));
    }

    @Test
    void thePageHoldsTableAndChartsAndNeedsNoNetwork(@TempDir Path folder) throws IOException {
        COMPARISON.write(folder);
        String page = Files.readString(folder.resolve("comparison.html"));
        assertTrue(page.contains("<h1>Methods on models/&lt;/script&gt;</h1>"), page);
        assertTrue(page.contains("<td>more &lt; all</td><td>LoRA</td>"), page);
        assertFalse(page.contains("<script"), "nothing runs");
        List<String> images =
                page.lines().filter(line -> line.startsWith("<img ")).toList();
        assertEquals(5, images.size());
        assertTrue(images.stream().allMatch(image -> image.contains("src=\"data:image/svg+xml;base64,")));
        var data = new ObjectMapper().readTree(folder.resolve("comparison.json").toFile());
        assertEquals("models/</script>", data.path("baseModel").asText());
        assertEquals(1.0, data.at("/entries/0/losses/1").asDouble());
        assertEquals(
                0.975, data.at("/entries/0/evaluations/1/metrics/exactMatch").asDouble());
    }

    @Test
    void everyChartIsADrawingThatTheTableShows(@TempDir Path folder) throws Exception {
        COMPARISON.write(folder);
        String markdown = Files.readString(folder.resolve("comparison.md"));
        for (String name : List.of("loss", "evaluations", "parameters", "time", "memory")) {
            String file = "comparison-" + name + ".svg";
            assertTrue(markdown.contains("](" + file + ")"), markdown);
            var svg = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(
                            Files.readString(folder.resolve(file)).replaceFirst("<!DOCTYPE[^>]*>", ""))));
            assertEquals("svg", svg.getDocumentElement().getTagName());
            assertTrue(Files.readString(folder.resolve(file)).contains("rgb(66,105,208)"), "the first run's colour");
        }
        assertTrue(markdown.contains("![exactMatch by trainable parameters]"), markdown);
    }

    @Test
    void wherePlainLossIsAskedForAChartShowsWhatTellsMore() {
        Comparison loss = new Comparison("m", "d", "loss", COMPARISON.entries());
        assertEquals("exactMatch", loss.shownMetric().orElseThrow());
        Comparison only = new Comparison("m", "d", "loss", COMPARISON.entries().subList(1, 2));
        assertEquals("loss", only.shownMetric().orElseThrow());
        Comparison none = new Comparison("m", "d", "loss", COMPARISON.entries().subList(2, 3));
        assertTrue(none.shownMetric().isEmpty());
        assertEquals(List.of(), Plots.of(none));
    }

    @Test
    void longRunsMakeSmallDrawings() {
        List<Double> losses =
                IntStream.range(0, 50_000).mapToObj(step -> 1.0 / (step + 1)).toList();
        Entry run = COMPARISON.entries().get(0);
        Entry longer = new Entry(
                run.name(),
                run.method(),
                run.learningRate(),
                null,
                run.trainableParameters(),
                run.allParameters(),
                run.adapterBytes(),
                run.seconds(),
                run.stepSeconds(),
                run.tokensPerSecond(),
                run.peakResidentBytes(),
                run.metrics(),
                losses,
                run.evaluations());
        Plot loss = Plots.of(new Comparison("m", "d", "loss", List.of(longer))).get(0);
        assertTrue(loss.svg().length() < 200_000, "characters: " + loss.svg().length());
    }
}
