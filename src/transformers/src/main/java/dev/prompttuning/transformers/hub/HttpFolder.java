package dev.prompttuning.transformers.hub;

import dev.prompttuning.transformers.InvalidModelException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Models on a plain web server: the standard file names are fetched below a prefix. Files are asked for again each time, and
 * fetched again only when their entity tags have changed. Safe for use by several threads and processes.
 */
public final class HttpFolder {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpSource http;
    private final Path cache;
    private final DownloadProgress progress;
    private final Duration pause;

    /**
     * @param token sent as a bearer token
     * @param cache a folder, made when needed
     */
    public HttpFolder(Optional<String> token, Path cache, DownloadProgress progress) {
        this(token, cache, progress, Duration.ofSeconds(1));
    }

    HttpFolder(Optional<String> token, Path cache, DownloadProgress progress, Duration pause) {
        this.http = new HttpSource(token, TIMEOUT);
        this.cache = cache;
        this.progress = progress;
        this.pause = pause;
    }

    /**
     * The folder of the model below {@code prefix}.
     *
     * @throws InvalidModelException when the server refuses, or lacks what a model needs
     * @throws DownloadException when it does not arrive
     */
    public Path download(URI prefix) {
        HttpSource.checked(prefix);
        URI base = prefix.getPath().endsWith("/") ? prefix : URI.create(prefix + "/");
        String name = UUID.nameUUIDFromBytes(base.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
        Path folder = cache.resolve("http--" + name);
        return CacheLock.holding(folder, () -> {
            ModelFiles.fetch(file -> fetchFile(base, file, folder), folder, prefix.toString());
            return folder;
        });
    }

    private boolean fetchFile(URI base, String name, Path folder) {
        Path target = folder.resolve(name);
        Path tag = folder.resolve(name + ".etag");
        try {
            Optional<String> known =
                    Files.exists(target) && Files.exists(tag) ? Optional.of(Files.readString(tag)) : Optional.empty();
            FileDownload.Result result =
                    new FileDownload(http, progress, pause, false).fetch(base.resolve(name), target, known);
            switch (result.outcome()) {
                case ABSENT -> {
                    Files.deleteIfExists(target);
                    Files.deleteIfExists(tag);
                }
                case FETCHED -> {
                    if (result.etag().isPresent()) {
                        Files.writeString(tag, result.etag().get());
                    } else {
                        Files.deleteIfExists(tag);
                    }
                }
                case UNCHANGED -> {}
            }
            return result.outcome() != FileDownload.Outcome.ABSENT;
        } catch (FileDownload.Refused e) {
            throw new InvalidModelException(
                    base.resolve(name) + " may not be read: the server answers with HTTP status " + e.status()
                            + "; check the address and the token.");
        } catch (IOException e) {
            throw new DownloadException(
                    "The model cache " + cache + " cannot be written: " + FileDownload.reason(e) + ".", e);
        }
    }
}
