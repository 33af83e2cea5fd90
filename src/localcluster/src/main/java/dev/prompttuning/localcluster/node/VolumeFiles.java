package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The files of ConfigMap, Secret, downwardAPI and projected volumes, as the API server has them now. */
final class VolumeFiles {

    private final KubernetesClient client;

    VolumeFiles(KubernetesClient client) {
        this.client = client;
    }

    /** Contents by path, or nothing when the volume is not made of such files. */
    Optional<Map<String, byte[]>> of(Volume volume, Pod pod) {
        if (volume.getConfigMap() != null) {
            var source = volume.getConfigMap();
            return Optional.of(configMap(pod, source.getName(), source.getItems(), source.getOptional()));
        }
        if (volume.getSecret() != null) {
            var source = volume.getSecret();
            return Optional.of(secret(pod, source.getSecretName(), source.getItems(), source.getOptional()));
        }
        if (volume.getDownwardAPI() != null) {
            return Optional.of(downwardApi(pod, volume.getDownwardAPI().getItems()));
        }
        if (volume.getProjected() != null) {
            var files = new TreeMap<String, byte[]>();
            volume.getProjected().getSources().forEach(source -> files.putAll(projection(volume, source, pod)));
            return Optional.of(files);
        }
        return Optional.empty();
    }

    private Map<String, byte[]> projection(Volume volume, VolumeProjection source, Pod pod) {
        if (source.getConfigMap() != null) {
            var from = source.getConfigMap();
            return configMap(pod, from.getName(), from.getItems(), from.getOptional());
        }
        if (source.getSecret() != null) {
            var from = source.getSecret();
            return secret(pod, from.getName(), from.getItems(), from.getOptional());
        }
        if (source.getDownwardAPI() != null) {
            return downwardApi(pod, source.getDownwardAPI().getItems());
        }
        throw new MountException("volume \"" + volume.getName() + "\": the local cluster projects ConfigMaps, Secrets"
                + " and the downward API only");
    }

    private Map<String, byte[]> configMap(Pod pod, String name, List<KeyToPath> items, Boolean optional) {
        var namespace = pod.getMetadata().getNamespace();
        var found = client.configMaps().inNamespace(namespace).withName(name).get();
        if (found == null) {
            return missing("configmap \"" + name + "\" not found", optional);
        }
        return select(contents(found), items, "configmap \"" + name + "\"", optional);
    }

    private Map<String, byte[]> secret(Pod pod, String name, List<KeyToPath> items, Boolean optional) {
        var namespace = pod.getMetadata().getNamespace();
        var found = client.secrets().inNamespace(namespace).withName(name).get();
        if (found == null) {
            return missing("secret \"" + name + "\" not found", optional);
        }
        return select(contents(found), items, "secret \"" + name + "\"", optional);
    }

    static Map<String, byte[]> contents(ConfigMap map) {
        var files = new TreeMap<String, byte[]>();
        if (map.getData() != null) {
            map.getData().forEach((key, text) -> files.put(key, text.getBytes(StandardCharsets.UTF_8)));
        }
        if (map.getBinaryData() != null) {
            map.getBinaryData()
                    .forEach((key, bytes) -> files.put(key, Base64.getDecoder().decode(bytes)));
        }
        return files;
    }

    static Map<String, byte[]> contents(Secret secret) {
        var files = new TreeMap<String, byte[]>();
        if (secret.getData() != null) {
            secret.getData()
                    .forEach((key, bytes) -> files.put(key, Base64.getDecoder().decode(bytes)));
        }
        if (secret.getStringData() != null) {
            secret.getStringData().forEach((key, text) -> files.put(key, text.getBytes(StandardCharsets.UTF_8)));
        }
        return files;
    }

    private static Map<String, byte[]> select(
            Map<String, byte[]> all, List<KeyToPath> items, String source, Boolean optional) {
        if (items == null || items.isEmpty()) {
            return all;
        }
        var files = new TreeMap<String, byte[]>();
        for (var item : items) {
            var content = all.get(item.getKey());
            if (content == null) {
                missing(source + " has no key \"" + item.getKey() + "\"", optional);
            } else {
                files.put(item.getPath(), content);
            }
        }
        return files;
    }

    private static Map<String, byte[]> missing(String what, Boolean optional) {
        if (Boolean.TRUE.equals(optional)) {
            return Map.of();
        }
        throw new MountException(what);
    }

    private static Map<String, byte[]> downwardApi(Pod pod, List<DownwardAPIVolumeFile> items) {
        var files = new TreeMap<String, byte[]>();
        for (var item : items) {
            if (item.getFieldRef() == null) {
                throw new MountException(
                        "downwardAPI file \"" + item.getPath() + "\": the local cluster knows fieldRef only in files");
            }
            var value = PodFields.value(pod, item.getFieldRef().getFieldPath());
            files.put(item.getPath(), value.getBytes(StandardCharsets.UTF_8));
        }
        return files;
    }
}
