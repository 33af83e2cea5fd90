package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;

/** Binds each claim to a folder at once. The folder goes with the claim unless the claim's annotation named it. */
final class ClaimController implements AutoCloseable {

    private final KubernetesClient client;
    private final ClaimFolders folders;
    private final EventRecorder events;
    private final WorkQueue queue = new WorkQueue("claim-controller", this::reconcile);

    ClaimController(KubernetesClient client, ClaimFolders folders, Watches watches) {
        this.client = client;
        this.folders = folders;
        this.events = new EventRecorder(client, "claim-controller");
        watches.on(
                PersistentVolumeClaim.class,
                claim -> queue.add(Ownership.key(claim)),
                claim -> queue.run(() -> delete(claim)));
    }

    private Optional<Duration> reconcile(String key) {
        var resource = client.persistentVolumeClaims()
                .inNamespace(key.substring(0, key.indexOf('/')))
                .withName(key.substring(key.indexOf('/') + 1));
        var claim = resource.get();
        if (claim == null
                || claim.getStatus() != null && "Bound".equals(claim.getStatus().getPhase())) {
            return Optional.empty();
        }
        var folder = folders.folder(claim);
        if (folders.isPreset(claim) && !Files.isDirectory(folder)) {
            events.warning(
                    claim,
                    "ProvisioningFailed",
                    "the annotation " + ClaimFolders.ANNOTATION + " names \"" + folder + "\", which is not a folder");
            return Optional.of(Duration.ofSeconds(1));
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Edits.edit(resource, current -> {
            current.getSpec().setVolumeName("local-" + claim.getMetadata().getUid());
            return current;
        });
        Edits.status(resource, current -> {
            current.setStatus(bound(current));
            return current;
        });
        return Optional.empty();
    }

    private static PersistentVolumeClaimStatus bound(PersistentVolumeClaim claim) {
        var status = new PersistentVolumeClaimStatus();
        status.setPhase("Bound");
        status.setAccessModes(claim.getSpec().getAccessModes());
        if (claim.getSpec().getResources() != null) {
            status.setCapacity(claim.getSpec().getResources().getRequests());
        }
        return status;
    }

    private void delete(PersistentVolumeClaim claim) {
        if (folders.isPreset(claim)) {
            return;
        }
        try {
            AtomicFolder.delete(folders.folder(claim));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        queue.close();
    }
}
