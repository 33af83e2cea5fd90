package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a pod may ask for on this node. The rest is refused, so that nothing is left out silently. */
final class Restrictions {

    private Restrictions() {}

    /** @throws ContainerConfigException when the pod asks for more */
    static void check(Pod pod) {
        var spec = pod.getSpec();
        var container = spec.getContainers().get(0);
        var mounts = container.getVolumeMounts();
        var volumes = spec.getVolumes().stream().map(Volume::getName).toList();
        var probes =
                Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe());
        var alone = spec.getContainers().size() == 1 && spec.getInitContainers().isEmpty();
        check(alone, "containers: one, and no initContainers");
        check(
                spec.getVolumes().stream().allMatch(Restrictions::isKnown),
                "volumes: persistentVolumeClaim, configMap without items, and emptyDir");
        check(
                container.getEnvFrom().isEmpty() && container.getEnv().stream().allMatch(Restrictions::isKnown),
                "env: value and secretKeyRef, and no envFrom");
        check(
                mounts.stream().map(VolumeMount::getName).allMatch(volumes::contains),
                "volumeMounts: of volumes of the pod");
        check(areSideBySide(mounts), "volumeMounts: side by side, and no subPath");
        check(probes.allMatch(probe -> probe == null || probe.getHttpGet() != null), "probes: httpGet");
    }

    private static void check(boolean holds, String has) {
        if (!holds) {
            throw new ContainerConfigException("the pod asks for more than the local cluster has, which is " + has);
        }
    }

    private static boolean isKnown(Volume volume) {
        var configMap = volume.getConfigMap();
        return volume.getPersistentVolumeClaim() != null
                || volume.getEmptyDir() != null
                || configMap != null && configMap.getItems().isEmpty();
    }

    private static boolean isKnown(EnvVar variable) {
        var source = variable.getValueFrom();
        return source == null || source.getSecretKeyRef() != null;
    }

    /** A mount inside another would write into the other's volume. */
    private static boolean areSideBySide(List<VolumeMount> mounts) {
        var paths = mounts.stream().map(mount -> Path.of(mount.getMountPath())).toList();
        return mounts.stream().allMatch(mount -> mount.getSubPath() == null)
                && paths.stream()
                        .noneMatch(
                                path -> paths.stream().filter(path::startsWith).count() > 1);
    }
}
