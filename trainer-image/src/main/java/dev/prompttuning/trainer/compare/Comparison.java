package dev.prompttuning.trainer.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.training.UserMistakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/**
 * What a comparison came to.
 *
 * @param data the training data, as people call them
 * @param metric by which the jobs judge evaluations, by its name in result files
 */
public record Comparison(String baseModel, String data, String metric, List<Entry> entries) {
    private static final Logger LOG = Logger.getLogger(Comparison.class);
    private static final Set<String> LOSSES = Set.of("loss", "perplexity");

    /** Writes {@code comparison.md} with its charts, {@code comparison.html} and {@code comparison.json}. */
    public void write(Path folder) {
        List<Plot> plots = plots();
        try {
            for (Plot plot : plots) {
                Files.writeString(folder.resolve(plot.fileName()), plot.svg());
            }
            Files.writeString(folder.resolve("comparison.md"), MarkdownReport.of(this, plots));
            Files.writeString(folder.resolve("comparison.html"), HtmlReport.of(this, plots));
            Files.writeString(folder.resolve("comparison.json"), json() + "\n");
        } catch (IOException e) {
            throw new UserMistakeException("--out " + folder + " cannot be written: " + e.getMessage() + ".");
        }
    }

    /** None where Java lacks what it measures text with, as some slim images do. */
    private List<Plot> plots() {
        try {
            return Plots.of(this);
        } catch (LinkageError | InternalError e) {
            LOG.warnf("There are no charts, as this Java cannot draw text (%s); install fontconfig and a font.", e);
            return List.of();
        }
    }

    /** The metric that charts show: the one that was asked for; where that is the loss, one that tells more, if there is any. */
    Optional<String> shownMetric() {
        Set<String> there = new TreeSet<>();
        entries.forEach(entry -> there.addAll(entry.metrics().keySet()));
        if (there.contains(metric) && !LOSSES.contains(metric)) {
            return Optional.of(metric);
        }
        return there.stream().filter(name -> !LOSSES.contains(name)).findFirst().or(() -> there.stream()
                .findFirst());
    }

    String json() {
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Records of plain values can always be written", e);
        }
    }
}
