package dev.prompttuning.trainer.command;

import dev.prompttuning.api.contract.ContractJson;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.job.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which job is meant: the operator's {@code train.json}, or a manifest and folders. */
public final class JobSource {
    @ArgGroup(multiplicity = "1")
    Source source;

    static final class Source {
        @Option(names = "--config", paramLabel = "FILE", description = "A train.json, as the operator writes it.")
        Path config;

        @Option(
                names = {"-f", "--file"},
                paramLabel = "FILE",
                description = "A manifest with a PromptTuningJob, as kubectl takes it.")
        Path manifest;
    }

    @Mixin
    Volumes volumes;

    /** Whether the operator's side of the contract is to be kept. */
    boolean isPod() {
        return source.config != null;
    }

    TrainConfig config(PodPaths paths) {
        return isPod()
                ? read(paths.resolve(source.config.toString()))
                : new JobManifest(source.manifest, volumes.mounts()).config();
    }

    private static TrainConfig read(Path path) {
        try {
            return ContractJson.read(Files.readString(path), TrainConfig.class);
        } catch (IOException e) {
            throw new UserMistakeException("--config " + path + " cannot be read; name a train.json.");
        } catch (IllegalArgumentException e) {
            throw new UserMistakeException(path + ": " + e.getMessage());
        }
    }

    Surroundings surroundings(PodPaths paths) {
        return isPod() ? ProcessSurroundings.ofPod(paths) : ProcessSurroundings.ofMachine();
    }
}
