package dev.prompttuning.transformers.hub;

import dev.prompttuning.transformers.InvalidModelException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Files of a web server or of S3, fetched again only when their entity tags have changed; the tags lie beside the files.
 *
 * @param s3 where addresses of S3 lead; their requests are signed instead of having the token
 */
record WebFiles(HttpSource http, S3Access s3, DownloadProgress progress, Duration pause) {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    static WebFiles of(Optional<String> token, S3Access s3, DownloadProgress progress, Duration pause) {
        return new WebFiles(new HttpSource(token, TIMEOUT), s3, progress, pause);
    }

    /**
     * Puts a file into the folder of {@code target}, or deletes it there where the server does not have it.
     *
     * @return whether the server has it
     * @throws InvalidModelException when the server refuses
     * @throws DownloadException when it does not arrive
     */
    boolean fetch(URI address, Path target) {
        Path tag = target.resolveSibling(target.getFileName() + ".etag");
        try {
            Optional<String> known =
                    Files.exists(target) && Files.exists(tag) ? Optional.of(Files.readString(tag)) : Optional.empty();
            FileDownload.Result result = download(address, target, known);
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
            throw new InvalidModelException(address + " may not be read: " + (S3Access.isS3(address) ? s3(e) : web(e)));
        } catch (IOException e) {
            throw new DownloadException(
                    "The cache " + target.getParent() + " cannot be written: " + FileDownload.reason(e) + ".", e);
        }
    }

    private FileDownload.Result download(URI address, Path target, Optional<String> known) {
        if (!S3Access.isS3(address)) {
            return new FileDownload(http, progress, pause, ContentCheck.NONE).fetch(address, target, known);
        }
        HttpSource signed = new HttpSource(s3.authorization(), http.timeout());
        return new FileDownload(signed, progress, pause, ContentCheck.S3).fetch(s3.http(address), target, known);
    }

    private String web(FileDownload.Refused refused) {
        String remedy =
                switch (refused.status()) {
                    case 401, 403 -> "check the address, and whether the server wants a token or another one";
                    case 404, 410 -> "check the address";
                    default -> "check the address and the token";
                };
        return "the server answers with HTTP status " + refused.status() + "; " + remedy + ".";
    }

    private String s3(FileDownload.Refused refused) {
        String says = "S3 answers with " + (refused.code().isEmpty() ? "" : refused.code() + ", ") + "HTTP status "
                + refused.status() + "; ";
        if (!refused.region().isEmpty() && !refused.region().equals(s3.region())) {
            return says + "the bucket is in the region " + refused.region() + ", set AWS_REGION to that.";
        }
        if (refused.status() == 401 || refused.status() == 403) {
            return says
                    + (s3.credentials().isPresent()
                            ? "check the credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and what they may read."
                            : "give credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");
        }
        return says + "check the address, AWS_REGION and AWS_ENDPOINT_URL.";
    }

    /** The address, when it is one of the web or of S3. */
    static URI checked(URI address) {
        return S3Access.isS3(address) ? address : HttpSource.checked(address);
    }
}
