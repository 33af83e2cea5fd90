package dev.prompttuning.localcluster.node;

import dev.prompttuning.localcluster.apiserver.PodLogs;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The logs of this node's pods: {@code UID/CONTAINER/RUN.log}, deleted with the pod. */
public final class NodeLogs implements PodLogs {

    private static final String SUFFIX = ".log";
    private static final long POLL_MILLIS = 100;

    private final Path root;
    private final Set<Path> open = ConcurrentHashMap.newKeySet();

    /** @param root the folder that holds them */
    public NodeLogs(Path root) {
        this.root = root;
    }

    void deleteAll() throws IOException {
        AtomicFolder.delete(root);
    }

    Path folder(Pod pod) {
        return root.resolve(pod.getMetadata().getUid());
    }

    ContainerLog of(Pod pod, String container, int run) {
        return new ContainerLog(folder(pod).resolve(container).resolve(run + SUFFIX), open);
    }

    /** The file of the newest run, or of the one before it. */
    Optional<Path> file(String uid, String container, boolean previous) throws IOException {
        var folder = root.resolve(uid).resolve(container);
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (var files = Files.list(folder)) {
            return files.sorted(Comparator.comparingInt(NodeLogs::run).reversed())
                    .skip(previous ? 1 : 0)
                    .findFirst();
        }
    }

    private static int run(Path file) {
        var name = file.getFileName().toString();
        return Integer.parseInt(name.substring(0, name.length() - SUFFIX.length()));
    }

    @Override
    public void read(Query query, Predicate<String> sink) throws IOException, InterruptedException {
        var file = file(query.podUid(), query.container(), query.previous())
                .orElseThrow(() -> new NoSuchFileException(query.container()));
        try (var reader = Files.newBufferedReader(file)) {
            // Asked before reading: what a run has written before its end is then surely read.
            var running = open.contains(file);
            var lines = present(reader, query);
            while (true) {
                for (var line : lines) {
                    var text = query.timestamps()
                            ? ContainerLog.time(line) + " " + ContainerLog.text(line)
                            : ContainerLog.text(line);
                    if (!sink.test(text)) {
                        return;
                    }
                }
                if (!query.follow() || !running) {
                    return;
                }
                Thread.sleep(POLL_MILLIS);
                running = open.contains(file);
                lines = whole(reader);
            }
        }
    }

    private static List<String> present(BufferedReader reader, Query query) throws IOException {
        var lines = new ArrayDeque<String>();
        for (var line : whole(reader)) {
            if (query.since().filter(ContainerLog.time(line)::isBefore).isPresent()) {
                continue;
            }
            lines.add(line);
            if (query.tail().isPresent() && lines.size() > query.tail().getAsInt()) {
                lines.remove();
            }
        }
        return List.copyOf(lines);
    }

    /** The complete lines that are there now. Lines are flushed whole, so a partial one is never seen. */
    private static List<String> whole(BufferedReader reader) throws IOException {
        var lines = new ArrayList<String>();
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            lines.add(line);
        }
        return lines;
    }
}
