package dev.prompttuning.trainer.command;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the paths of configuration files are: as they stand in a container; under the folder that the environment variable {@code
 * POD_ROOT} names where a pod is a plain process and its mounts are folders.
 */
@ApplicationScoped
public class PodPaths {
    private final Optional<Path> root = Optional.ofNullable(System.getenv("POD_ROOT"))
            .filter(value -> !value.isEmpty())
            .map(Path::of);

    public Path resolve(String path) {
        Path given = Path.of(path);
        return root.filter(folder -> given.isAbsolute() && !given.startsWith(folder))
                .map(folder -> folder.resolve(given.subpath(0, given.getNameCount())))
                .orElse(given);
    }
}
