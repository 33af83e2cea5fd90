package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The folders of one pod: its volumes, and per container the tree of links that stands for its mounts. */
final class PodVolumes {

    private final Path folder;
    private final KubernetesClient client;
    private final VolumeFiles files;
    private final ClaimFolders claims;
    private final Map<String, Path> volumes = new HashMap<>();

    PodVolumes(Path folder, KubernetesClient client, ClaimFolders claims) {
        this.folder = folder;
        this.client = client;
        this.files = new VolumeFiles(client);
        this.claims = claims;
    }

    /** The folder that is {@code POD_ROOT} of a container. */
    Path root(Container container) {
        return folder.resolve("containers").resolve(container.getName());
    }

    /**
     * Sets up every volume, or brings files up to date with their source.
     *
     * @throws MountException when something it needs is missing or of a kind that is refused
     */
    void update(Pod pod) {
        for (var volume : pod.getSpec().getVolumes()) {
            try {
                volumes.put(volume.getName(), set(volume, pod));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Path set(Volume volume, Pod pod) throws IOException {
        var own = folder.resolve("volumes").resolve(volume.getName());
        var content = files.of(volume, pod);
        if (content.isPresent()) {
            new AtomicFolder(own).write(content.get());
            return own;
        }
        if (volume.getEmptyDir() != null) {
            return Files.createDirectories(own);
        }
        if (volume.getHostPath() != null) {
            return Files.createDirectories(Path.of(volume.getHostPath().getPath()));
        }
        if (volume.getPersistentVolumeClaim() != null) {
            var name = volume.getPersistentVolumeClaim().getClaimName();
            var namespace = pod.getMetadata().getNamespace();
            var claim = client.persistentVolumeClaims()
                    .inNamespace(namespace)
                    .withName(name)
                    .get();
            if (claim == null) {
                throw new MountException("persistentvolumeclaim \"" + name + "\" not found");
            }
            return Files.createDirectories(claims.folder(claim));
        }
        throw new MountException("volume \"" + volume.getName() + "\" is of a kind the local cluster does not have; it"
                + " has persistentVolumeClaim, configMap, secret, emptyDir, hostPath, downwardAPI and projected");
    }

    /** Links the mounts of a container into its root. {@link #update} comes first. */
    void link(Container container) {
        var root = root(container);
        try {
            Files.createDirectories(root);
            for (var mount : container.getVolumeMounts()) {
                refuseNesting(mount, container);
                link(root, mount);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void link(Path root, VolumeMount mount) throws IOException {
        var volume = volumes.get(mount.getName());
        if (volume == null) {
            throw new MountException("volumeMount \"" + mount.getName() + "\" names no volume of the pod");
        }
        var target = volume;
        if (mount.getSubPath() != null && !mount.getSubPath().isEmpty()) {
            target = volume.resolve(mount.getSubPath()).normalize();
            if (!target.startsWith(volume)) {
                throw new MountException("subPath \"" + mount.getSubPath() + "\" leaves its volume");
            }
            if (!Files.exists(target)) {
                Files.createDirectories(target);
            }
        }
        var link = MountPaths.under(root, mount.getMountPath());
        Files.createDirectories(link.getParent());
        if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(link, target);
        }
    }

    private static void refuseNesting(VolumeMount mount, Container container) {
        for (var other : container.getVolumeMounts()) {
            if (MountPaths.isBelow(mount.getMountPath(), other.getMountPath())) {
                throw new MountException("mountPath \"" + mount.getMountPath() + "\" lies inside mountPath \""
                        + other.getMountPath() + "\": the local cluster cannot nest mounts, mount them side by side");
            }
        }
    }

    /** Deletes the pod's own folders; claims and host paths stay. */
    void delete() {
        try {
            AtomicFolder.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
