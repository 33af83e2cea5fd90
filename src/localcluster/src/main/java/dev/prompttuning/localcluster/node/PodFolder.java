package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
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
     * @throws ContainerConfigException when a claim or a ConfigMap is missing
     */
    void setUp() throws IOException {
        Files.createDirectories(paths.root());
        var volumes = new HashMap<String, Path>();
        for (var volume : pod.getSpec().getVolumes()) {
            volumes.put(volume.getName(), set(volume));
        }
        for (var mount : container.getVolumeMounts()) {
            var link = paths.inside(mount.getMountPath());
            Files.createDirectories(link.getParent());
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(link, volumes.get(mount.getName()));
            }
        }
        Files.createDirectories(terminationLog().getParent());
        Files.write(terminationLog(), new byte[0]);
    }

    private Path set(Volume volume) throws IOException {
        if (volume.getPersistentVolumeClaim() != null) {
            return claim(volume.getPersistentVolumeClaim().getClaimName());
        }
        if (volume.getConfigMap() != null && !update(volume)) {
            throw new ContainerConfigException(
                    "configmap \"" + volume.getConfigMap().getName() + "\" not found");
        }
        return Files.createDirectories(own(volume));
    }

    private Path own(Volume volume) {
        return folder.resolve("volumes").resolve(volume.getName());
    }

    private Path claim(String name) {
        var claim = client.persistentVolumeClaims()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name)
                .get();
        return Optional.ofNullable(claim)
                .flatMap(ClaimController::folder)
                .orElseThrow(() -> new ContainerConfigException("persistentvolumeclaim \"" + name + "\" "
                        + (claim == null ? "not found" : "is not bound to a folder that exists")));
    }

    /** Brings the files of ConfigMaps up to date with what the API server has. */
    void update() throws IOException {
        for (var volume : pod.getSpec().getVolumes()) {
            if (volume.getConfigMap() != null) {
                update(volume);
            }
        }
    }

    /** @return false when there is no such ConfigMap; the files it had stay */
    private boolean update(Volume volume) throws IOException {
        var configMap = client.configMaps()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(volume.getConfigMap().getName())
                .get();
        if (configMap != null) {
            Folders.write(own(volume), configMap.getData());
        }
        return configMap != null;
    }

    private Path terminationLog() {
        return paths.inside(MountPaths.terminationLog(container));
    }

    /** What the container has left there as its last words. */
    String terminationMessage() throws IOException {
        if (Files.notExists(terminationLog())) {
            return "";
        }
        try (var input = Files.newInputStream(terminationLog())) {
            return new String(input.readNBytes(MESSAGE_BYTES), StandardCharsets.UTF_8);
        }
    }

    /** Deletes the pod's own files; those of claims stay. */
    void delete() throws IOException {
        Folders.delete(folder);
    }
}
