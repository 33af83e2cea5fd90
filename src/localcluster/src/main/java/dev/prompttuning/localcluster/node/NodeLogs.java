package dev.prompttuning.localcluster.node;

import dev.prompttuning.localcluster.apiserver.PodLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The logs of this node's pods: what each run of a container prints, in {@code UID/RUN.log}, deleted with the pod. */
public final class NodeLogs implements PodLogs {

    private final Path folder;
    private final Set<Path> open = ConcurrentHashMap.newKeySet();

    /** @param folder holds them */
    public NodeLogs(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** The file that a run of a pod's container writes to; runs count from 0. */
    Path file(String uid, long run) {
        return folder.resolve(uid).resolve(run + ".log");
    }

    /** Whoever follows a log gets more until the end of the run. */
    void open(Path file, CompletableFuture<?> end) {
        open.add(file);
        end.thenRun(() -> open.remove(file));
    }

    void delete(String uid) throws IOException {
        Folders.delete(folder.resolve(uid));
    }

    @Override
    public Path file(String podUid, boolean previous) throws IOException {
        try (var runs = Files.list(folder.resolve(podUid))) {
            return file(podUid, runs.count() - (previous ? 2 : 1));
        }
    }

    @Override
    public boolean grows(Path file) {
        return open.contains(file);
    }
}
