package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Binds each claim to a folder: to that which its annotation names, which is the user's and outlives it, else to a new
 * one that goes with it.
 */
final class ClaimController extends Controller<PersistentVolumeClaim> {

    private static final String ANNOTATION = "localcluster.prompttuning.dev/folder";

    private final Path volumes;

    ClaimController(KubernetesClient client, NodeOptions options) {
        super(client);
        this.volumes = options.volumes();
    }

    /** Where the data of a claim lies; nothing before it is bound. */
    static Optional<Path> folder(PersistentVolumeClaim claim) {
        return "Bound".equals(claim.getStatus().getPhase())
                ? Optional.of(Path.of(claim.getMetadata().getAnnotations().get(ANNOTATION)))
                : Optional.empty();
    }

    @Override
    void reconcile(PersistentVolumeClaim claim) {
        var annotations = claim.getMetadata().getAnnotations();
        if (annotations == null || !annotations.containsKey(ANNOTATION)) {
            claim = client().resource(claim).edit(this::withNewFolder);
        }
        if (Files.isDirectory(Path.of(claim.getMetadata().getAnnotations().get(ANNOTATION)))) {
            client().resource(claim).editStatus(ClaimController::bound);
        }
    }

    private PersistentVolumeClaim withNewFolder(PersistentVolumeClaim claim) {
        var metadata = claim.getMetadata();
        var folder = volumes.resolve(metadata.getNamespace()).resolve(metadata.getName());
        Folders.create(folder);
        return new PersistentVolumeClaimBuilder(claim)
                .editMetadata()
                .addToAnnotations(ANNOTATION, folder.toString())
                .endMetadata()
                .build();
    }

    private static PersistentVolumeClaim bound(PersistentVolumeClaim claim) {
        var spec = claim.getSpec();
        return new PersistentVolumeClaimBuilder(claim)
                .withNewStatus()
                .withPhase("Bound")
                .withAccessModes(spec.getAccessModes())
                .withCapacity(
                        spec.getResources() == null ? null : spec.getResources().getRequests())
                .endStatus()
                .build();
    }

    @Override
    void removed(PersistentVolumeClaim claim) {
        folder(claim).filter(folder -> folder.startsWith(volumes)).ifPresent(Folders::delete);
    }
}
