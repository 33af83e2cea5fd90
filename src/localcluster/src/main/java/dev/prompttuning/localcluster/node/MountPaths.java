package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Turns the paths a container would see into paths under its root.
 *
 * @param root the folder that {@code POD_ROOT} names
 * @param paths mount paths and the termination message path, as in the pod
 */
record MountPaths(Path root, List<Path> paths) {

    static MountPaths of(Path root, Container container) {
        var mounts = container.getVolumeMounts().stream().map(VolumeMount::getMountPath);
        return new MountPaths(
                root,
                Stream.concat(mounts, Stream.of(terminationLog(container)))
                        .map(Path::of)
                        .toList());
    }

    static String terminationLog(Container container) {
        var path = container.getTerminationMessagePath();
        return path == null || path.isEmpty() ? "/dev/termination-log" : path;
    }

    /** {@code /data/x} becomes {@code ROOT/data/x} where /data is a mount. */
    String rewrite(String value) {
        return paths.stream().anyMatch(Path.of(value)::startsWith) ? root + value : value;
    }

    Path inside(String path) {
        return root.resolve(Path.of("/").relativize(Path.of(path))).normalize();
    }
}
