package dev.prompttuning.localcluster.node;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What runs in place of an image.
 *
 * @param entrypoint the command and its first arguments; a container's {@code command} replaces it, its {@code args}
 *     follow it
 * @param env variables of the image, which the container's own override
 * @param workingDirectory where the process starts; by default the container's folder
 */
public record ImageSpec(List<String> entrypoint, Map<String, String> env, Optional<Path> workingDirectory) {

    public ImageSpec {
        entrypoint = List.copyOf(entrypoint);
        env = Map.copyOf(env);
    }

    /** An image that is a command and nothing else. */
    public static ImageSpec of(String... entrypoint) {
        return new ImageSpec(List.of(entrypoint), Map.of(), Optional.empty());
    }
}
