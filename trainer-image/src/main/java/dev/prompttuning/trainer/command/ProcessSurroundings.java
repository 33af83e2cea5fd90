package dev.prompttuning.trainer.command;

import dev.prompttuning.training.job.DownloadSettings;
import dev.prompttuning.training.job.Surroundings;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** What this process offers a job or a server: where paths lead, where downloads go, and which hub is asked with which token. */
final class ProcessSurroundings {
    private static final String HUB = "https://huggingface.co";

    private ProcessSurroundings() {}

    /** In a pod: paths are mount paths, downloads without a cache of their own last as long as the pod. */
    static Surroundings ofPod(PodPaths paths) {
        return of(paths::resolve, Path.of(System.getProperty("java.io.tmpdir"), "downloads"));
    }

    /** On a person's machine: paths are paths, downloads are kept for the next time. */
    static Surroundings ofMachine() {
        Path cache = environment("XDG_CACHE_HOME")
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("prompt-tuning");
        return of(Path::of, cache);
    }

    private static Surroundings of(Function<String, Path> resolve, Path scratch) {
        return new Surroundings(
                resolve,
                scratch,
                URI.create(environment("HF_ENDPOINT").orElse(HUB)),
                environment("HF_TOKEN"),
                new DownloadSettings(System.getenv()));
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }
}
