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
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A repository of the hub.
 *
 * @param authorized whether requests carry a token
 */
record HubRepository(URI endpoint, HttpSource http, boolean authorized, Kind kind, String repo) {

    enum Kind {
        MODEL("models", "/"),
        DATASET("datasets", "/datasets/");

        private final String plural;
        private final String prefix;

        Kind(String plural, String prefix) {
            this.plural = plural;
            this.prefix = prefix;
        }

        /** Name of a repository's folder in a cache. */
        String folder(String repo) {
            return plural + "--" + repo.replace("/", "--");
        }
    }

    /** What a revision holds. */
    record Listing(String commit, Set<String> files) {}

    /** The hub cannot be asked, so that the cache may have to do. */
    static final class Unreachable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreachable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** @throws Unreachable when the hub does not answer */
    Listing list(String revision) {
        URI uri = address("/api/" + kind.plural + "/" + repo + "/revision/"
                + URLEncoder.encode(revision, StandardCharsets.UTF_8));
        try (HttpReply reply = http.get(uri, Map.of("Accept", "application/json"))) {
            if (reply.transientFailure()) {
                throw new Unreachable(
                        endpoint + " answers with HTTP status " + reply.status() + "; try again later.", null);
            }
            if (reply.status() != 200) {
                throw refusal(revision, reply.status(), reply.errorCode());
            }
            JsonNode listing = new ObjectMapper().readTree(reply.body());
            String commit = listing.path("sha").asText();
            if (!commit.matches("[0-9a-f]{40}")) {
                throw new DownloadException(uri + " does not answer like a Hugging Face Hub; check the endpoint.");
            }
            Set<String> files = new TreeSet<>();
            listing.path("siblings")
                    .forEach(file -> files.add(file.path("rfilename").asText()));
            return new Listing(commit, files);
        } catch (IOException e) {
            throw new Unreachable(
                    endpoint + " cannot be reached (" + FileDownload.reason(e)
                            + "); check the network, or set HF_ENDPOINT to a mirror.",
                    e);
        }
    }

    /**
     * Fetches a file into the snapshot's folder, unless it is there.
     *
     * @return whether the repository has it
     */
    boolean fetch(Listing listing, String name, Path snapshot, DownloadOptions options) {
        if (!listing.files().contains(name)) {
            return false;
        }
        Path target = snapshot.resolve(name).normalize();
        if (!target.startsWith(snapshot)) {
            throw new InvalidModelException("The repository " + repo + " names the impossible file \"" + name + "\".");
        }
        if (Files.exists(target)) {
            return true;
        }
        try {
            Files.createDirectories(target.getParent());
            URI uri = address(kind.prefix + repo + "/resolve/" + listing.commit() + "/" + encoded(name));
            FileDownload download = new FileDownload(http, options.progress(), options.pause(), ContentCheck.HUB);
            return download.fetch(uri, target, Optional.empty()).outcome() != FileDownload.Outcome.ABSENT;
        } catch (FileDownload.Refused e) {
            throw refusal(listing.commit(), e.status(), e.code());
        } catch (IOException e) {
            throw new DownloadException(snapshot + " cannot be written: " + FileDownload.reason(e) + ".", e);
        }
    }

    private InvalidModelException refusal(String revision, int status, String code) {
        String page = endpoint + (kind == Kind.MODEL ? "/" : "/datasets/") + repo;
        String problem;
        if (status == 403 || code.equals("GatedRepo")) {
            problem = authorized
                    ? "may not be read with this token; accept its conditions at " + page
                            + " and use a token that may read it"
                    : "is gated and needs a token; accept its conditions at " + page + " and give a token";
        } else if (status == 401) {
            problem = authorized
                    ? "may not be read: the token is not valid, or there is no such repository"
                    : "may not be read without a token, or does not exist; check the name or give a token";
        } else if (status == 404 && code.equals("RevisionNotFound")) {
            problem = "has no revision \"" + revision + "\"; check the revision";
        } else if (status == 404) {
            problem = "or its revision \"" + revision + "\" does not exist; check the name and the revision";
        } else {
            problem = "cannot be read: the hub answers with HTTP status " + status;
        }
        String what = kind == Kind.MODEL ? "The repository " : "The data set repository ";
        return new InvalidModelException(what + repo + " on " + endpoint + " " + problem + ".");
    }

    private URI address(String path) {
        String base = endpoint.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    }

    private static String encoded(String path) {
        return Arrays.stream(path.split("/"))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
    }
}
