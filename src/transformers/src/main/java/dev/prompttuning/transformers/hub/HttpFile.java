package dev.prompttuning.transformers.hub;

import dev.prompttuning.transformers.InvalidModelException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Single files of a web server or of S3. An address may end with {@code #sha256=} and the file's checksum in hexadecimal: then what
 * the cache has is used without asking, and anything else is refused. Without it the server is asked each time, and what the cache
 * has is used while the server cannot be reached. Safe for use by several threads and processes.
 */
public final class HttpFile {
    private static final String CHECKSUM = "sha256=";

    private final WebFiles web;
    private final Path cache;

    /**
     * @param token sent as a bearer token, though not to S3
     * @param cache a folder, made when needed
     */
    public HttpFile(Optional<String> token, S3Access s3, Path cache, DownloadProgress progress) {
        this(token, s3, cache, progress, Duration.ofSeconds(1));
    }

    HttpFile(Optional<String> token, S3Access s3, Path cache, DownloadProgress progress, Duration pause) {
        this.web = WebFiles.of(token, s3, progress, pause);
        this.cache = cache;
    }

    /**
     * The file at an address; its name ends as the address' path does.
     *
     * @throws InvalidModelException when there is no such file, it may not be read, or it is not the one of the checksum
     * @throws DownloadException when it does not arrive
     */
    public Path download(String uri) {
        int hash = uri.indexOf('#');
        Optional<String> checksum = hash < 0 ? Optional.empty() : Optional.of(checksum(uri, hash));
        URI address = address(hash < 0 ? uri : uri.substring(0, hash));
        String id = UUID.nameUUIDFromBytes(address.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
        Path folder = cache.resolve("file--" + id);
        Path target = folder.resolve(name(address));
        return CacheLock.holding(
                folder,
                () -> checksum.isPresent() ? exactly(address, target, checksum.get()) : latest(address, target));
    }

    private Path latest(URI address, Path target) {
        try {
            fetch(address, target);
        } catch (DownloadException e) {
            if (!e.isOfNetwork() || !Files.exists(target)) {
                throw e;
            }
        }
        return target;
    }

    private Path exactly(URI address, Path target, String checksum) {
        try {
            if (Files.exists(target) && Checksum.sha256(target).equals(checksum)) {
                return target;
            }
            fetch(address, target);
            String sum = Checksum.sha256(target);
            if (!sum.equals(checksum)) {
                Files.delete(target);
                throw new InvalidModelException(address + " has the SHA-256 checksum " + sum + " and not " + checksum
                        + "; it has changed, or the address has the checksum of another file.");
            }
            return target;
        } catch (IOException e) {
            throw new DownloadException("The cache " + cache + " cannot be read: " + FileDownload.reason(e) + ".", e);
        }
    }

    private void fetch(URI address, Path target) {
        if (!web.fetch(address, target)) {
            throw new InvalidModelException(address + " does not exist; check the address.");
        }
    }

    private static URI address(String text) {
        try {
            return WebFiles.checked(URI.create(text));
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException("\"" + text + "\" is not an address: " + e.getMessage() + ".", e);
        }
    }

    private static String checksum(String uri, int hash) {
        String fragment = uri.substring(hash + 1).toLowerCase(Locale.ROOT);
        if (!fragment.matches(CHECKSUM + "[0-9a-f]{64}")) {
            throw new InvalidModelException("\"" + uri.substring(hash) + "\" behind " + uri.substring(0, hash)
                    + " is not a checksum; write #sha256= and 64 hexadecimal digits, or nothing.");
        }
        return fragment.substring(CHECKSUM.length());
    }

    /** The last part of the path, as a name that every file system takes. */
    private static String name(URI address) {
        String path = address.getPath();
        String name = path.substring(path.lastIndexOf('/') + 1).replaceAll("[^\\w.-]", "_");
        String visible = name.replaceFirst("^\\.+", "");
        return visible.isEmpty() ? "file" : visible.substring(Math.max(0, visible.length() - 100));
    }
}
