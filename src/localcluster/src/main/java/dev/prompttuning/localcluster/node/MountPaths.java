package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Turns the paths a container would see into paths under its root, in arguments and environment values.
 *
 * @param root the container's {@code POD_ROOT}
 * @param paths mount paths and the termination message path, as in the pod
 */
record MountPaths(Path root, List<String> paths) {

    static final String DEFAULT_TERMINATION_LOG = "/dev/termination-log";

    static MountPaths of(Path root, Container container) {
        var mounts = container.getVolumeMounts().stream().map(VolumeMount::getMountPath);
        return new MountPaths(
                root,
                Stream.concat(mounts, Stream.of(terminationLog(container)))
                        .map(MountPaths::clean)
                        .toList());
    }

    static String terminationLog(Container container) {
        var path = container.getTerminationMessagePath();
        return path == null || path.isEmpty() ? DEFAULT_TERMINATION_LOG : path;
    }

    /** {@code /data/x} becomes {@code ROOT/data/x} where /data is a mount; {@code --key=/data/x} as well. */
    String rewrite(String value) {
        var equals = value.indexOf('=');
        var start = value.startsWith("/") || equals < 0 ? 0 : equals + 1;
        var path = value.substring(start);
        return paths.stream().anyMatch(mount -> path.equals(mount) || isBelow(path, mount))
                ? value.substring(0, start) + root + path
                : value;
    }

    static boolean isBelow(String path, String parent) {
        var prefix = clean(parent) + "/";
        return path.startsWith(prefix) && path.length() > prefix.length();
    }

    static Path under(Path root, String absolute) {
        return root.resolve(clean(absolute).substring(1)).normalize();
    }

    private static String clean(String path) {
        var result = path.startsWith("/") ? path : "/" + path;
        while (result.length() > 1 && result.endsWith("/")) {
            result = result.substring(0, result.length() - 1);
        }
        return result;
    }
}
