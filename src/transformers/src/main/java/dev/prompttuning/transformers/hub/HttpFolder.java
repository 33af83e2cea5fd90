package dev.prompttuning.transformers.hub;

import dev.prompttuning.transformers.InvalidModelException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Models on a plain web server or in S3: the standard file names are fetched below a prefix. Files are asked for again each time,
 * and fetched again only when their entity tags have changed. Safe for use by several threads and processes.
 */
public final class HttpFolder {
    private final WebFiles web;
    private final Path cache;

    /**
     * @param token sent as a bearer token, though not to S3
     * @param cache a folder, made when needed
     */
    public HttpFolder(Optional<String> token, S3Access s3, Path cache, DownloadProgress progress) {
        this(token, s3, cache, progress, Duration.ofSeconds(1));
    }

    HttpFolder(Optional<String> token, S3Access s3, Path cache, DownloadProgress progress, Duration pause) {
        this.web = WebFiles.of(token, s3, progress, pause);
        this.cache = cache;
    }

    /**
     * The folder of the model below {@code prefix}.
     *
     * @param prefix of http, https or s3
     * @throws InvalidModelException when the server refuses, or lacks what a model needs
     * @throws DownloadException when it does not arrive
     */
    public Path download(URI prefix) {
        WebFiles.checked(prefix);
        URI base = prefix.getPath().endsWith("/") ? prefix : URI.create(prefix + "/");
        String name = UUID.nameUUIDFromBytes(base.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
        Path folder = cache.resolve("http--" + name);
        return CacheLock.holding(folder, () -> {
            ModelFiles.fetch(file -> web.fetch(base.resolve(file), folder.resolve(file)), folder, prefix.toString());
            return folder;
        });
    }
}
