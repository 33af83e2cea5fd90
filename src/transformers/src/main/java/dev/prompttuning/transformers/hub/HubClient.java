package dev.prompttuning.transformers.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.transformers.InvalidModelException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Downloads models from the Hugging Face Hub, or a mirror with its interface, into a cache laid out like the hub's own:
 * {@code models--ORG--NAME/snapshots/COMMIT}. Safe for use by several threads and processes.
 */
public final class HubClient {
    private static final String COMPLETE = ".complete";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final URI endpoint;
    private final HttpSource http;
    private final Path cache;
    private final boolean offline;
    private final DownloadProgress progress;
    private final Duration pause;

    /**
     * @param endpoint such as {@code https://huggingface.co}
     * @param token for private and gated repositories
     * @param cache a folder, made when needed
     * @throws InvalidModelException when the endpoint is not an http or https address
     */
    public HubClient(URI endpoint, Optional<String> token, Path cache) {
        this(
                HttpSource.checked(endpoint),
                new HttpSource(token, TIMEOUT),
                cache,
                false,
                DownloadProgress.NONE,
                Duration.ofSeconds(1));
    }

    private HubClient(
            URI endpoint, HttpSource http, Path cache, boolean offline, DownloadProgress progress, Duration pause) {
        this.endpoint = endpoint;
        this.http = http;
        this.cache = cache;
        this.offline = offline;
        this.progress = progress;
        this.pause = pause;
    }

    /** A client that uses the cache alone. */
    public HubClient offline() {
        return new HubClient(endpoint, http, cache, true, progress, pause);
    }

    public HubClient onProgress(DownloadProgress listener) {
        return new HubClient(endpoint, http, cache, offline, listener, pause);
    }

    /** A client with another pause before the second attempt at a file. */
    HubClient pausing(Duration time) {
        return new HubClient(endpoint, http, cache, offline, progress, time);
    }

    /**
     * The folder of a model, downloaded where the cache does not have it yet. Where the hub cannot be reached, what the cache has for
     * this revision is used.
     *
     * @param repo such as {@code Qwen/Qwen2.5-0.5B}
     * @param revision a branch, a tag or a commit
     * @throws InvalidModelException when there is no such model, it may not be read, or it lacks what is needed
     * @throws DownloadException when it does not arrive
     */
    public Path download(String repo, String revision) {
        if (!repo.matches("[\\w.-]+(/[\\w.-]+)?") || repo.contains("..")) {
            throw new InvalidModelException(
                    "\"" + repo + "\" is not the name of a Hugging Face repository; write it as organisation/name.");
        }
        if (!revision.matches("[\\w.-]+(/[\\w.-]+)*") || revision.contains("..")) {
            throw new InvalidModelException(
                    "\"" + revision + "\" is not a revision; name a branch, a tag or a commit of " + repo + ".");
        }
        Path folder = cache.resolve("models--" + repo.replace("/", "--"));
        Optional<Path> cached = cached(folder, revision);
        boolean pinned = revision.matches("[0-9a-f]{40}");
        if (cached.isPresent() && (offline || pinned)) {
            return cached.get();
        }
        if (offline) {
            throw new InvalidModelException("Revision " + revision + " of " + repo + " is not in the cache " + cache
                    + ", and downloads are off; fill the cache first or allow downloads.");
        }
        try {
            return CacheLock.holding(folder, () -> fetch(repo, revision, folder));
        } catch (Unreachable e) {
            return cached.orElseThrow(() -> new DownloadException(e.getMessage(), e));
        }
    }

    private static Optional<Path> cached(Path folder, String revision) {
        String commit = revision;
        Path ref = folder.resolve("refs").resolve(revision);
        if (Files.isRegularFile(ref)) {
            try {
                commit = Files.readString(ref).strip();
            } catch (IOException e) {
                return Optional.empty();
            }
        }
        Path snapshot = folder.resolve("snapshots").resolve(commit);
        return Files.exists(snapshot.resolve(COMPLETE)) ? Optional.of(snapshot) : Optional.empty();
    }

    private Path fetch(String repo, String revision, Path folder) {
        Listing listing = list(repo, revision);
        Path snapshot = folder.resolve("snapshots").resolve(listing.commit());
        try {
            Files.createDirectories(snapshot);
            if (!Files.exists(snapshot.resolve(COMPLETE))) {
                ModelFiles.fetch(name -> fetchFile(repo, listing, name, snapshot), snapshot, repo);
                Files.writeString(snapshot.resolve(COMPLETE), "");
            }
            Path ref = folder.resolve("refs").resolve(revision);
            Files.createDirectories(ref.getParent());
            Files.writeString(ref, listing.commit());
            return snapshot;
        } catch (IOException e) {
            throw new DownloadException(
                    "The model cache " + cache + " cannot be written: " + FileDownload.reason(e) + ".", e);
        }
    }

    private boolean fetchFile(String repo, Listing listing, String name, Path snapshot) {
        Path target = snapshot.resolve(name);
        if (!listing.files().contains(name)) {
            return false;
        }
        if (Files.exists(target)) {
            return true;
        }
        URI uri = address("/" + repo + "/resolve/" + listing.commit() + "/" + name);
        try {
            FileDownload download = new FileDownload(http, progress, pause, true);
            return download.fetch(uri, target, Optional.empty()).outcome() != FileDownload.Outcome.ABSENT;
        } catch (FileDownload.Refused e) {
            throw refusal(repo, listing.commit(), e.status(), e.code());
        }
    }

    /** What a revision holds. */
    private record Listing(String commit, Set<String> files) {}

    private Listing list(String repo, String revision) {
        URI uri = address("/api/models/" + repo + "/revision/" + URLEncoder.encode(revision, StandardCharsets.UTF_8));
        try (HttpReply reply = http.get(uri, Map.of("Accept", "application/json"))) {
            if (reply.transientFailure()) {
                throw new Unreachable(
                        endpoint + " answers with HTTP status " + reply.status() + "; try again later.", null);
            }
            if (reply.status() != 200) {
                throw refusal(
                        repo,
                        revision,
                        reply.status(),
                        reply.header("X-Error-Code").orElse(""));
            }
            JsonNode model = new ObjectMapper().readTree(reply.body());
            String commit = model.path("sha").asText();
            if (!commit.matches("[0-9a-f]{40}")) {
                throw new DownloadException(uri + " does not answer like a Hugging Face Hub; check the endpoint.");
            }
            Set<String> files = new TreeSet<>();
            model.path("siblings")
                    .forEach(file -> files.add(file.path("rfilename").asText()));
            return new Listing(commit, files);
        } catch (IOException e) {
            throw new Unreachable(
                    endpoint + " cannot be reached (" + FileDownload.reason(e)
                            + "); check the network, or set HF_ENDPOINT to a mirror.",
                    e);
        }
    }

    /** The hub cannot be asked, so that the cache may have to do. */
    private static final class Unreachable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreachable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private InvalidModelException refusal(String repo, String revision, int status, String code) {
        boolean hasToken = http.token().isPresent();
        String problem;
        if (status == 403 || code.equals("GatedRepo")) {
            problem = hasToken
                    ? "may not be read with this token; accept the model's conditions at " + endpoint + "/" + repo
                            + " and use a token that may read it"
                    : "is gated and needs a token; accept its conditions at " + endpoint + "/" + repo
                            + " and give a token";
        } else if (status == 401) {
            problem = hasToken
                    ? "may not be read: the token is not valid, or there is no such repository"
                    : "may not be read without a token, or does not exist; check the name or give a token";
        } else if (status == 404 && code.equals("RevisionNotFound")) {
            problem = "has no revision \"" + revision + "\"; check the revision";
        } else if (status == 404) {
            problem = "or its revision \"" + revision + "\" does not exist; check the name and the revision";
        } else {
            problem = "cannot be read: the hub answers with HTTP status " + status;
        }
        return new InvalidModelException("The repository " + repo + " on " + endpoint + " " + problem + ".");
    }

    private URI address(String path) {
        String base = endpoint.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    }
}
