package dev.prompttuning.training.job;

import dev.prompttuning.transformers.hub.S3Access;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a job needs of the process it runs in.
 *
 * @param resolve from a path of the configuration to a path of this machine
 * @param scratch folder for downloads where the configuration names no cache
 * @param hub the Hugging Face hub, or a mirror of it
 * @param token for private repositories of models
 * @param downloads how data sets are had
 */
public record Surroundings(
        Function<String, Path> resolve, Path scratch, URI hub, Optional<String> token, DownloadSettings downloads) {

    /** With no tokens for data sets, and public buckets of S3 alone. */
    public Surroundings(Function<String, Path> resolve, Path scratch, URI hub, Optional<String> token) {
        this(resolve, scratch, hub, token, DownloadSettings.NONE);
    }

    S3Access s3() {
        return downloads.s3();
    }
}
