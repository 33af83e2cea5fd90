package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.nio.file.Path;

/**
 * Where the data of a claim lies. A claim of the same name finds the folder again when the cluster is started anew.
 *
 * @param volumes the folder that holds those which name no folder of their own
 */
record ClaimFolders(Path volumes) {

    /** On a claim: an existing folder to use, as a hostPath volume would. It outlives the claim. */
    static final String ANNOTATION = "localcluster.prompttuning.dev/folder";

    Path folder(PersistentVolumeClaim claim) {
        return isPreset(claim)
                ? Path.of(claim.getMetadata().getAnnotations().get(ANNOTATION))
                : volumes.resolve(claim.getMetadata().getNamespace())
                        .resolve(claim.getMetadata().getName());
    }

    boolean isPreset(PersistentVolumeClaim claim) {
        var annotations = claim.getMetadata().getAnnotations();
        return annotations != null && annotations.containsKey(ANNOTATION);
    }
}
