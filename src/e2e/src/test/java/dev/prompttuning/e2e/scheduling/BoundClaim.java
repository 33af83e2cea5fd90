package dev.prompttuning.e2e.scheduling;

import dev.prompttuning.e2e.TestNamespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/**
 * A claim with a volume of its own that every node has: one that a provisioner makes may be tied to a node that is real, or wait
 * for a pod that works on the one that is not.
 */
record BoundClaim(TestNamespace namespace, String volume) implements AutoCloseable {
    private static final String NO_CLASS = "";

    static BoundClaim of(TestNamespace namespace, String claim) {
        String volume = namespace.name() + "-" + claim;
        namespace
                .client()
                .resource(new PersistentVolumeBuilder()
                        .withNewMetadata()
                        .withName(volume)
                        .endMetadata()
                        .withNewSpec()
                        .withCapacity(Map.of("storage", new Quantity("64Mi")))
                        .withAccessModes("ReadWriteOnce")
                        .withStorageClassName(NO_CLASS)
                        .withPersistentVolumeReclaimPolicy("Retain")
                        .withNewHostPath("/tmp/" + volume, "")
                        .withNewClaimRef()
                        .withNamespace(namespace.name())
                        .withName(claim)
                        .endClaimRef()
                        .endSpec()
                        .build())
                .create();
        namespace.claim(claim, NO_CLASS);
        return new BoundClaim(namespace, volume);
    }

    @Override
    public void close() {
        namespace.client().persistentVolumes().withName(volume).delete();
    }
}
