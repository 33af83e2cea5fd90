package dev.prompttuning.localcluster.node;

import dev.prompttuning.localcluster.apiserver.PodLogs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The logs of this node's pods: what each run of a container prints, in {@code UID/RUN.log}, deleted with the pod. */
public final class NodeLogs implements PodLogs {

    private static final long POLL_MILLIS = 100;

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
    public void read(Query query, Predicate<String> sink) throws IOException, InterruptedException {
        var file = newest(query);
        try (var input = Files.newInputStream(file)) {
            var lines = new Lines(input);
            // Asked before reading: what a run has written before its end is then surely read.
            var more = query.follow() && open.contains(file);
            var next = lines.next(!more);
            next = next.subList(Math.max(0, next.size() - query.tail()), next.size());
            while (next.stream().allMatch(sink) && more) {
                Thread.sleep(POLL_MILLIS);
                more = open.contains(file);
                next = lines.next(!more);
            }
        }
    }

    private Path newest(Query query) throws IOException {
        var runs = folder.resolve(query.podUid());
        if (!Files.exists(runs)) {
            throw new NoSuchFileException(runs.toString());
        }
        try (var files = Files.list(runs)) {
            return file(query.podUid(), files.count() - (query.previous() ? 2 : 1));
        }
    }

    /** Reads a file that grows. */
    private static final class Lines {

        private final InputStream input;
        private String rest = "";

        Lines(InputStream input) {
            this.input = input;
        }

        /** The whole lines since the last call. @param all also what follows the last line's end */
        List<String> next(boolean all) throws IOException {
            // Byte by byte as characters, so that none is torn at the end of what is there.
            var text = rest + new String(input.readAllBytes(), StandardCharsets.ISO_8859_1);
            var end = all ? text.length() : text.lastIndexOf('\n') + 1;
            rest = text.substring(end);
            var bytes = text.substring(0, end).getBytes(StandardCharsets.ISO_8859_1);
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        }
    }
}
