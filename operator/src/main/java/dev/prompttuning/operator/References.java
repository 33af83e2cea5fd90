package dev.prompttuning.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** Looks for what a spec names and pods would wait for without a word. */
public final class References {
    private References() {}

    /** One sentence on the first claim or ConfigMap that is not there. */
    public static Optional<String> missing(KubernetesClient client, String namespace, ClaimMounts mounts) {
        for (String name : mounts.claimNames()) {
            if (client.persistentVolumeClaims()
                            .inNamespace(namespace)
                            .withName(name)
                            .get()
                    == null) {
                return Optional.of("PersistentVolumeClaim " + name + " does not exist in namespace " + namespace
                        + ": create it, or name another one.");
            }
        }
        for (String name : mounts.configMapNames()) {
            if (client.configMaps().inNamespace(namespace).withName(name).get() == null) {
                return Optional.of("ConfigMap " + name + " does not exist in namespace " + namespace
                        + ": create it, or name another one.");
            }
        }
        return Optional.empty();
    }
}
