package dev.prompttuning.localcluster.node;

import java.util.List;
import java.util.Map;

/**
 * What runs in place of an image.
 *
 * @param entrypoint the command and its first arguments; a container's {@code command} replaces it, its {@code args}
 *     follow it
 * @param env variables of the image, which the container's own override
 */
public record ImageSpec(List<String> entrypoint, Map<String, String> env) {

    public ImageSpec {
        entrypoint = List.copyOf(entrypoint);
        env = Map.copyOf(env);
    }
}
