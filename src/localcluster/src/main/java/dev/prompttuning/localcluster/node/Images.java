package dev.prompttuning.localcluster.node;

import java.util.Map;
import java.util.Optional;

/** Which image names this node can run, and as what. */
@FunctionalInterface
public interface Images {

    /** The command that stands for an image, or nothing when the node does not know it. */
    Optional<ImageSpec> find(String image);

    /** Images by their full names, tag included. */
    static Images of(Map<String, ImageSpec> images) {
        var known = Map.copyOf(images);
        return image -> Optional.ofNullable(known.get(image));
    }
}
