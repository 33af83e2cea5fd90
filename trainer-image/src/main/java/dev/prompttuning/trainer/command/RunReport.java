package dev.prompttuning.trainer.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.api.contract.TrainResult;
import dev.prompttuning.training.TrainingResult;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.job.TrainingJob;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What {@code --result} writes, for scripts.
 *
 * @param adapter null when the run was interrupted
 */
record RunReport(TrainingResult training, TrainResult adapter) {

    static RunReport of(TrainingJob.Ended ended) {
        return new RunReport(ended.training(), ended.result().orElse(null));
    }

    void write(Path file) {
        try {
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), this);
        } catch (IOException e) {
            throw new UserMistakeException("--result " + file + " cannot be written: " + e.getMessage() + ".");
        }
    }
}
