package dev.prompttuning.trainer.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.metric.Prediction;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What {@code --predictions} writes: a line of JSON for each row, in the order of the data set. */
public record PredictionsFile(Path file) {

    public void write(List<Prediction> predictions) {
        ObjectWriter json = new ObjectMapper().writer();
        try (BufferedWriter lines = Files.newBufferedWriter(file)) {
            for (Prediction prediction : predictions) {
                lines.write(json.writeValueAsString(prediction));
                lines.write('\n');
            }
        } catch (IOException e) {
            throw new UserMistakeException("--predictions " + file + " cannot be written: " + e.getMessage() + ".");
        }
    }
}
