package dev.prompttuning.training.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.api.contract.TrainResult;
import dev.prompttuning.training.TrainingResult;
import dev.prompttuning.training.UserMistakeException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What {@code --result} writes, for scripts.
 *
 * @param adapter null when the run was interrupted
 */
public record RunReport(TrainingResult training, TrainResult adapter) {

    public static RunReport of(TrainingJob.Ended ended) {
        return new RunReport(ended.training(), ended.result().orElse(null));
    }

    public void write(Path file) {
        try {
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), this);
        } catch (IOException e) {
            throw new UserMistakeException("--result " + file + " cannot be written: " + e.getMessage() + ".");
        }
    }

    /** @throws UserMistakeException when the file is none that {@link #write} wrote */
    public static RunReport read(Path file) {
        try {
            return new ObjectMapper().readValue(file.toFile(), RunReport.class);
        } catch (IOException e) {
            throw new UserMistakeException(file + " is not the result of a run; delete it and run again.");
        }
    }
}
