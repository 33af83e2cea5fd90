package dev.prompttuning.transformers.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Fetches one file. What was fetched stays in {@code NAME.part} with its entity tag in {@code NAME.part.etag}, so that another
 * attempt, also of another process, goes on where this one ended, unless the file has changed. The file appears under its name when
 * it is whole and its checksum agrees.
 */
final class FileDownload {
    private static final int MAX_ATTEMPTS = 5;
    /** Where the file is here already, and may only be older than the server's, nobody should wait long for a server that is gone. */
    private static final int MAX_ATTEMPTS_AT_NEWER = 2;

    private static final int CHUNK = 1 << 20;

    private final HttpSource http;
    private final DownloadProgress progress;
    private final Duration pause;
    private final ContentCheck check;

    /** @param pause before the second attempt; it doubles each time */
    FileDownload(HttpSource http, DownloadProgress progress, Duration pause, ContentCheck check) {
        this.http = http;
        this.progress = progress;
        this.pause = pause;
        this.check = check;
    }

    enum Outcome {
        FETCHED,
        UNCHANGED,
        ABSENT
    }

    /** What came of it, with the entity tag where the server gives one. */
    record Result(Outcome outcome, Optional<String> etag) {}

    /**
     * @param knownEtag of the file as it already lies at {@code target}
     * @throws Refused when the server answers that this may not be had
     * @throws DownloadException when it does not arrive whole after several attempts
     */
    Result fetch(URI uri, Path target, Optional<String> knownEtag) {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        IOException last = null;
        long most = size(part);
        int attempts = Files.exists(target) ? MAX_ATTEMPTS_AT_NEWER : MAX_ATTEMPTS;
        for (int attempt = 1; attempt <= attempts; attempt++) {
            try {
                if (attempt > 1) {
                    sleep(pause.multipliedBy(1L << attempt - 2));
                }
                return attempt(uri, target, part, knownEtag);
            } catch (IOException e) {
                last = e;
                if (size(part) > most) {
                    // A server that breaks off now and then is no reason to give up as long as it gets further.
                    most = size(part);
                    attempt = 1;
                }
            }
        }
        throw new DownloadException(
                uri + " could not be fetched after " + attempts + " attempts: " + reason(last)
                        + "; what has arrived is kept and another attempt goes on from there.",
                last,
                true);
    }

    /** A reply that no further attempt changes. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int status;
        private final String code;
        private final String region;

        Refused(int status, String code, String region) {
            super("HTTP status " + status);
            this.status = status;
            this.code = code;
            this.region = region;
        }

        /** Where S3 says that the bucket is, or empty. */
        String region() {
            return region;
        }

        int status() {
            return status;
        }

        /** The server's own name for the reason, or empty. */
        String code() {
            return code;
        }
    }

    private Result attempt(URI uri, Path target, Path part, Optional<String> knownEtag) throws IOException {
        Path partTag = part.resolveSibling(part.getFileName() + ".etag");
        Map<String, String> headers = new HashMap<>();
        long present = Files.exists(partTag) ? size(part) : 0;
        String presentTag = present > 0 ? Files.readString(partTag) : "";
        if (present > 0) {
            headers.put("Range", "bytes=" + present + "-");
        }
        knownEtag.ifPresent(etag -> headers.put("If-None-Match", "\"" + etag + "\""));
        try (HttpReply reply = http.get(uri, headers)) {
            switch (reply.status()) {
                case 200, 206 -> {}
                case 304 -> {
                    return new Result(Outcome.UNCHANGED, knownEtag);
                }
                case 404 -> {
                    return new Result(Outcome.ABSENT, Optional.empty());
                }
                case 416 -> {
                    discard(part, partTag);
                    throw new IOException("the part that is here does not fit the file");
                }
                default -> throw failure(reply);
            }
            if (reply.status() == 206 && !reply.etag().equals(Optional.of(presentTag))) {
                discard(part, partTag);
                throw new IOException("the file has changed since a part of it was fetched");
            }
            receive(reply, target.getFileName().toString(), part, partTag, reply.status() == 206 ? present : 0);
            finish(reply, target, part, partTag);
            return new Result(Outcome.FETCHED, reply.etag());
        }
    }

    private static IOException failure(HttpReply reply) throws IOException {
        if (reply.transientFailure()) {
            return new IOException("HTTP status " + reply.status());
        }
        throw new Refused(
                reply.status(),
                reply.errorCode(),
                reply.header("x-amz-bucket-region").orElse(""));
    }

    private void receive(HttpReply reply, String name, Path part, Path partTag, long present) throws IOException {
        long length = reply.contentLength();
        long total = length < 0 ? -1 : present + length;
        if (present == 0) {
            discard(part, partTag);
            if (reply.etag().isPresent()) {
                store(() -> Files.writeString(partTag, reply.etag().get()), part);
            }
        }
        long size = present;
        progress.at(name, size, total);
        try (InputStream body = reply.body();
                OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            byte[] chunk = new byte[CHUNK];
            long told = size;
            for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
                int bytes = count;
                store(() -> out.write(chunk, 0, bytes), part);
                size += count;
                if (size - told >= CHUNK) {
                    told = size;
                    progress.at(name, size, total);
                }
            }
            progress.at(name, size, total);
        }
        if (total >= 0 && size != total) {
            throw new IOException("the connection ended after " + size + " of " + total + " bytes");
        }
    }

    private void finish(HttpReply reply, Path target, Path part, Path partTag) throws IOException {
        if (!check.agrees(reply, part)) {
            discard(part, partTag);
            throw new IOException("its checksum is not the one the server names");
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(partTag);
    }

    private static void discard(Path part, Path partTag) throws IOException {
        Files.deleteIfExists(partTag);
        Files.deleteIfExists(part);
    }

    private interface Storing {
        void run() throws IOException;
    }

    /** Tells trouble with the disk from trouble with the network: only the latter is tried again. */
    private static void store(Storing action, Path file) {
        try {
            action.run();
        } catch (IOException e) {
            throw new DownloadException(
                    file + " cannot be written: " + reason(e) + "; make room or use another cache.", e);
        }
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DownloadException("The download was interrupted.", e);
        }
    }

    static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
