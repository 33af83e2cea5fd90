package dev.prompttuning.operator;

import dev.prompttuning.api.contract.Mounts;
import dev.prompttuning.api.model.BaseModel;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The claims and ConfigMaps that a pod mounts; a claim is read-only unless something is written to it. */
public final class ClaimMounts {
    private final Map<String, Boolean> claims = new TreeMap<>();
    private final Map<String, String> configMaps = new TreeMap<>();

    /** Mounts a claim for reading. */
    public ClaimMounts read(String claimName) {
        claims.putIfAbsent(claimName, true);
        return this;
    }

    /** Mounts a claim for reading and writing. */
    public ClaimMounts write(String claimName) {
        claims.put(claimName, false);
        return this;
    }

    /** Mounts a ConfigMap at the path of {@link Mounts#inPod()}. */
    public ClaimMounts configMap(String name) {
        return configMap(name, Mounts.inPod().configMap(name));
    }

    /** Mounts a ConfigMap. */
    public ClaimMounts configMap(String name, String path) {
        configMaps.put(name, path);
        return this;
    }

    /** What a base model needs. */
    public ClaimMounts model(BaseModel model) {
        if (model.persistentVolumeClaim() != null) {
            read(model.persistentVolumeClaim().claimName());
        }
        if (model.cache() != null) {
            write(model.cache().claimName());
        }
        return this;
    }

    /** The claims' names, sorted. */
    public List<String> claimNames() {
        return List.copyOf(claims.keySet());
    }

    /** The ConfigMaps' names, sorted. */
    public List<String> configMapNames() {
        return List.copyOf(configMaps.keySet());
    }

    /** The pod's volumes. */
    public List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>();
        claims.forEach((name, readOnly) -> volumes.add(new VolumeBuilder()
                .withName(volumeName("claim", name))
                .withNewPersistentVolumeClaim(name, null)
                .build()));
        configMaps.forEach((name, path) -> volumes.add(new VolumeBuilder()
                .withName(volumeName("config", name))
                .withNewConfigMap()
                .withName(name)
                .withDefaultMode(420)
                .endConfigMap()
                .build()));
        return volumes;
    }

    /** Where the container sees them. */
    public List<VolumeMount> mounts() {
        List<VolumeMount> mounts = new ArrayList<>();
        claims.forEach((name, readOnly) -> mounts.add(new VolumeMountBuilder()
                .withName(volumeName("claim", name))
                .withMountPath(Mounts.inPod().claim(name))
                .withReadOnly(readOnly ? Boolean.TRUE : null)
                .build()));
        configMaps.forEach((name, path) -> mounts.add(new VolumeMountBuilder()
                .withName(volumeName("config", name))
                .withMountPath(path)
                .withReadOnly(true)
                .build()));
        return mounts;
    }

    private static String volumeName(String kind, String name) {
        return ShortNames.of(kind + "-" + name.replace('.', '-'), 63);
    }
}
