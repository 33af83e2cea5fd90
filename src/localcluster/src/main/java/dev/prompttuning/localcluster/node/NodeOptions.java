package dev.prompttuning.localcluster.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How the node runs.
 *
 * @param dataDirectory holds the folders of pods and claims, and the logs
 * @param images what pods may run, by the images' full names, tag included
 * @param backoff the first delay before a failed Job pod is replaced or a crashing container is started again; it
 *     doubles with each failure (a cluster starts at 10 seconds)
 * @param longestBackoff where that doubling ends (in a cluster, 5 or 6 minutes)
 */
public record NodeOptions(
        Path dataDirectory, Map<String, ImageSpec> images, Duration backoff, Duration longestBackoff) {

    public NodeOptions {
        dataDirectory = dataDirectory.toAbsolutePath().normalize();
        images = Map.copyOf(images);
    }

    /** Back-off from 1 to 30 seconds. */
    public NodeOptions(Path dataDirectory, Map<String, ImageSpec> images) {
        this(dataDirectory, images, Duration.ofSeconds(1), Duration.ofSeconds(30));
    }

    /** Holds the pods' own files. */
    Path podFolders() {
        return dataDirectory.resolve("pods");
    }

    /** Holds the claims that name no folder. */
    Path volumes() {
        return dataDirectory.resolve("volumes");
    }

    /** The delay after so many failures; none before the first. */
    Duration delayAfter(int failures) {
        if (failures <= 0) {
            return Duration.ZERO;
        }
        var delay = backoff.multipliedBy(1L << Math.min(failures - 1, 20));
        return delay.compareTo(longestBackoff) < 0 ? delay : longestBackoff;
    }
}
