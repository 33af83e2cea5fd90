package dev.prompttuning.transformers.hub;

import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.hub.HubRepository.Kind;
import dev.prompttuning.transformers.hub.HubRepository.Listing;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Downloads models and data sets from the Hugging Face Hub, or a mirror with its interface, into a cache laid out like the hub's own:
 * {@code models--ORG--NAME/snapshots/COMMIT}. Safe for use by several threads and processes.
 */
public final class HubClient {
    private static final String COMPLETE = ".complete";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final URI endpoint;
    private final Optional<String> token;
    private final Path cache;
    private final boolean offline;
    private final DownloadOptions options;

    /**
     * @param endpoint such as {@code https://huggingface.co}
     * @param token for private and gated repositories
     * @param cache a folder, made when needed
     * @throws InvalidModelException when the endpoint is not an http or https address
     */
    public HubClient(URI endpoint, Optional<String> token, Path cache) {
        this(HttpSource.checked(endpoint), token, cache, false, DownloadOptions.DEFAULT);
    }

    private HubClient(URI endpoint, Optional<String> token, Path cache, boolean offline, DownloadOptions options) {
        this.endpoint = endpoint;
        this.token = token;
        this.cache = cache;
        this.offline = offline;
        this.options = options;
    }

    /** A client that uses the cache alone. */
    public HubClient offline() {
        return new HubClient(endpoint, token, cache, true, options);
    }

    public HubClient onProgress(DownloadProgress listener) {
        return new HubClient(endpoint, token, cache, offline, new DownloadOptions(listener, options.pause()));
    }

    /** A client with another pause before the second attempt at a file. */
    HubClient pausing(Duration time) {
        return new HubClient(endpoint, token, cache, offline, new DownloadOptions(options.progress(), time));
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
        HubRepository repository = repository(Kind.MODEL, repo);
        return snapshot(repository, revision, COMPLETE, (listing, folder) -> {
            ModelFiles.fetch(name -> repository.fetch(listing, name, folder, options), folder, repo);
            return List.of();
        });
    }

    /**
     * Files of a data set, otherwise as {@link #download}.
     *
     * @return in the selection's order
     */
    public List<Path> downloadDataset(String repo, String revision, HubSelection selection) {
        HubRepository repository = repository(Kind.DATASET, repo);
        String marker = COMPLETE + "-" + UUID.nameUUIDFromBytes(selection.name().getBytes(StandardCharsets.UTF_8));
        Path snapshot = snapshot(repository, revision, marker, (listing, folder) -> {
            List<String> chosen = selection.choose(
                    listing.files(),
                    name -> repository.fetch(listing, name, folder, options)
                            ? Optional.of(folder.resolve(name))
                            : Optional.empty());
            for (String name : chosen) {
                if (!repository.fetch(listing, name, folder, options)) {
                    throw new InvalidModelException(
                            "The data set repository " + repo + " lists " + name + " but does not have it.");
                }
            }
            return chosen;
        });
        try {
            return Files.readAllLines(snapshot.resolve(marker)).stream()
                    .map(snapshot::resolve)
                    .toList();
        } catch (IOException e) {
            throw new DownloadException("The cache " + cache + " cannot be read: " + FileDownload.reason(e) + ".", e);
        }
    }

    private HubRepository repository(Kind kind, String repo) {
        if (!repo.matches("[\\w.-]+(/[\\w.-]+)?") || repo.contains("..")) {
            throw new InvalidModelException(
                    "\"" + repo + "\" is not the name of a Hugging Face repository; write it as organisation/name.");
        }
        return new HubRepository(endpoint, new HttpSource(token, TIMEOUT), token.isPresent(), kind, repo);
    }

    private interface Filling {
        /** Puts what is wanted into the snapshot's folder, and returns what the marker is to say. */
        List<String> fill(Listing listing, Path snapshot);
    }

    /** @param marker file that stands in a snapshot when all that is wanted is there */
    private Path snapshot(HubRepository repository, String revision, String marker, Filling filling) {
        String repo = repository.repo();
        if (!revision.matches("[\\w.-]+(/[\\w.-]+)*") || revision.contains("..")) {
            throw new InvalidModelException(
                    "\"" + revision + "\" is not a revision; name a branch, a tag or a commit of " + repo + ".");
        }
        Path folder = cache.resolve(repository.kind().folder(repo));
        Optional<Path> cached = cached(folder, revision, marker);
        boolean pinned = revision.matches("[0-9a-f]{40}");
        if (cached.isPresent() && (offline || pinned)) {
            return cached.get();
        }
        if (offline) {
            throw new InvalidModelException("Revision " + revision + " of " + repo + " is not in the cache " + cache
                    + ", and downloads are off; fill the cache first or allow downloads.");
        }
        try {
            return CacheLock.holding(folder, () -> fetch(repository, revision, folder, marker, filling));
        } catch (HubRepository.Unreachable e) {
            return cached.orElseThrow(() -> new DownloadException(e.getMessage(), e));
        }
    }

    private static Optional<Path> cached(Path folder, String revision, String marker) {
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
        return Files.exists(snapshot.resolve(marker)) ? Optional.of(snapshot) : Optional.empty();
    }

    private Path fetch(HubRepository repository, String revision, Path folder, String marker, Filling filling) {
        Listing listing = repository.list(revision);
        Path snapshot = folder.resolve("snapshots").resolve(listing.commit());
        try {
            Files.createDirectories(snapshot);
            if (!Files.exists(snapshot.resolve(marker))) {
                List<String> said = filling.fill(listing, snapshot);
                Files.writeString(snapshot.resolve(marker), String.join("\n", said));
            }
            Path ref = folder.resolve("refs").resolve(revision);
            Files.createDirectories(ref.getParent());
            Files.writeString(ref, listing.commit());
            return snapshot;
        } catch (IOException e) {
            throw new DownloadException(
                    "The cache " + cache + " cannot be written: " + FileDownload.reason(e) + ".", e);
        }
    }
}
