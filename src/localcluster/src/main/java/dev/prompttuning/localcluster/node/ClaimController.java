package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Binds each claim to a folder: to that which its annotation names, which is the user's and outlives it, else to a new
 * one that goes with it.
 */
final class ClaimController extends Controller<PersistentVolumeClaim> {

    private static final String ANNOTATION = "localcluster.prompttuning.dev/folder";
    private static final String BOUND = "Bound";

    private final Path volumes;

    ClaimController(KubernetesClient client, NodeOptions options) {
        super(PersistentVolumeClaim.class, client);
        this.volumes = options.volumes();
    }

    /** Where the data of a claim lies; nothing before it is bound. */
    static Optional<Path> folder(PersistentVolumeClaim claim) {
        return annotated(claim).filter(folder -> BOUND.equals(claim.getStatus().getPhase()));
    }

    private static Optional<Path> annotated(PersistentVolumeClaim claim) {
        return Optional.ofNullable(claim.getMetadata().getAnnotations().get(ANNOTATION))
                .map(Path::of);
    }

    @Override
    void reconcile(PersistentVolumeClaim claim, List<Pod> pods) throws IOException {
        var metadata = claim.getMetadata();
        if (annotated(claim).isEmpty()) {
            var folder = volumes.resolve(metadata.getNamespace()).resolve(metadata.getName());
            Files.createDirectories(folder);
            metadata.getAnnotations().put(ANNOTATION, folder.toString());
            client().resource(claim).update();
        } else if (folder(claim).isEmpty() && Files.isDirectory(annotated(claim).get())) {
            claim.getStatus().setPhase(BOUND);
            client().resource(claim).updateStatus();
        }
    }

    @Override
    void removed(PersistentVolumeClaim claim) throws IOException {
        var folder = annotated(claim);
        if (folder.isPresent() && folder.get().startsWith(volumes)) {
            Folders.delete(folder.get());
        }
    }
}
