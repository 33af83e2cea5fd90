package dev.prompttuning.trainer.command;

import dev.prompttuning.api.contract.ContractJson;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.training.job.Surroundings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which job is meant: the operator's {@code train.json}, or a manifest and folders. */
public final class JobSource {
    private static final String HUB = "https://huggingface.co";

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
        return new Surroundings(
                isPod() ? paths::resolve : Path::of,
                isPod() ? Path.of(System.getProperty("java.io.tmpdir"), "models") : userCache(),
                URI.create(environment("HF_ENDPOINT").orElse(HUB)),
                environment("HF_TOKEN"));
    }

    private static Path userCache() {
        return environment("XDG_CACHE_HOME")
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("prompt-tuning");
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }
}
