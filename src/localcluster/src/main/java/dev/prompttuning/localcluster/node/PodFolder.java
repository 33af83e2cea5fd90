package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder of one pod: {@code volumes} has what is the pod's own, {@code root} has links where its container mounts
 * them.
 */
final class PodFolder {

    private static final int MESSAGE_BYTES = 4096;

    private final Path folder;
    private final Pod pod;
    private final Container container;
    private final MountPaths paths;
    private final KubernetesClient client;

    PodFolder(Path folder, Pod pod, KubernetesClient client) {
        this.folder = folder;
        this.pod = pod;
        this.client = client;
        this.container = pod.getSpec().getContainers().get(0);
        this.paths = MountPaths.of(folder.resolve("root"), container);
    }

    MountPaths paths() {
        return paths;
    }

    /**
     * Makes everything ready for a run of the container.
     *
     * @throws ContainerConfigException when something it needs is missing or of a kind that is refused
     */
    void setUp() throws IOException {
        if (pod.getSpec().getContainers().size()
                        + pod.getSpec().getInitContainers().size()
                > 1) {
            throw new ContainerConfigException("the local cluster runs pods of one container and no init containers");
        }
        Files.createDirectories(paths.root());
        for (var mount : container.getVolumeMounts()) {
            link(mount);
        }
        update();
        Files.createDirectories(terminationLog().getParent());
        Files.write(terminationLog(), new byte[0]);
    }

    private void link(VolumeMount mount) throws IOException {
        var link = paths.inside(mount.getMountPath());
        if (container.getVolumeMounts().stream()
                .map(other -> paths.inside(other.getMountPath()))
                .anyMatch(other -> !other.equals(link) && link.startsWith(other))) {
            throw new ContainerConfigException("mountPath \"" + mount.getMountPath()
                    + "\" lies inside another: the local cluster cannot nest mounts, mount them side by side");
        }
        var volume = pod.getSpec().getVolumes().stream()
                .filter(each -> each.getName().equals(mount.getName()))
                .findFirst()
                .orElseThrow(() -> new ContainerConfigException(
                        "volumeMount \"" + mount.getName() + "\" names no volume of the pod"));
        Files.createDirectories(link.getParent());
        if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(link, target(volume));
        }
    }

    private Path target(Volume volume) throws IOException {
        if (volume.getPersistentVolumeClaim() != null) {
            return claim(volume.getPersistentVolumeClaim().getClaimName());
        }
        if (volume.getEmptyDir() != null) {
            return Files.createDirectories(own(volume));
        }
        if (volume.getConfigMap() != null) {
            var name = volume.getConfigMap().getName();
            configMap(name).orElseThrow(() -> new ContainerConfigException("configmap \"" + name + "\" not found"));
            return own(volume);
        }
        throw new ContainerConfigException("volume \"" + volume.getName() + "\" is of a kind the local cluster does not"
                + " have; it has persistentVolumeClaim, configMap and emptyDir");
    }

    private Path own(Volume volume) {
        return folder.resolve("volumes").resolve(volume.getName());
    }

    private Path claim(String name) {
        var claim = client.persistentVolumeClaims()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name)
                .get();
        if (claim == null) {
            throw new ContainerConfigException("persistentvolumeclaim \"" + name + "\" not found");
        }
        return ClaimController.folder(claim)
                .orElseThrow(
                        () -> new ContainerConfigException("persistentvolumeclaim \"" + name + "\" is not bound yet"));
    }

    /** Brings the files of ConfigMaps up to date with what the API server has; those of a deleted one stay. */
    void update() {
        for (var volume : pod.getSpec().getVolumes()) {
            if (volume.getConfigMap() != null) {
                configMap(volume.getConfigMap().getName())
                        .ifPresent(configMap -> Folders.write(own(volume), configMap.getData()));
            }
        }
    }

    private Optional<ConfigMap> configMap(String name) {
        var resource = client.configMaps()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name);
        return Optional.ofNullable(resource.get());
    }

    private Path terminationLog() {
        return paths.inside(MountPaths.terminationLog(container));
    }

    /** What the container has left there as its last words. */
    String terminationMessage() {
        try (var input = Files.newInputStream(terminationLog())) {
            return new String(input.readNBytes(MESSAGE_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes the pod's own files; those of claims stay. */
    void delete() {
        Folders.delete(folder);
    }
}
