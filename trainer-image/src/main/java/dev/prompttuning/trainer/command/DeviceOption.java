package dev.prompttuning.trainer.command;

import ai.djl.Device;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.transformers.engine.DeviceChoice;
import dev.prompttuning.transformers.engine.PyTorch;
import picocli.CommandLine.Option;

/** The option that says where to compute. */
public final class DeviceOption {
    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "${env:TRAINER_DEVICE:-auto}",
            description = "auto (a GPU where there is one), cpu or cuda. Default: the environment variable"
                    + " TRAINER_DEVICE, else auto.")
    DeviceChoice choice;

    /**
     * Starts PyTorch.
     *
     * @throws UserMistakeException when there is no GPU though one is asked for
     */
    Device start() {
        try {
            return PyTorch.start(choice);
        } catch (IllegalStateException e) {
            if (choice == DeviceChoice.CUDA) {
                throw new UserMistakeException("--device cuda: " + e.getMessage(), e);
            }
            throw e;
        }
    }
}
