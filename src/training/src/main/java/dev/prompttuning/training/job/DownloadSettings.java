package dev.prompttuning.training.job;

import dev.prompttuning.transformers.hub.S3Access;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says of downloads.
 *
 * @param environment variables by name, of which {@code DATASET_TOKEN}, {@code EVALUATION_DATASET_TOKEN}, {@code HF_HUB_OFFLINE} and
 *     those of {@link S3Access#of} are asked for
 */
public record DownloadSettings(Map<String, String> environment) {

    /** Nothing is said. */
    public static final DownloadSettings NONE = new DownloadSettings(Map.of());

    public DownloadSettings {
        environment = Map.copyOf(environment);
    }

    /** For the server that the training rows are on. */
    Optional<String> trainToken() {
        return value("DATASET_TOKEN");
    }

    /** For the server that the evaluation rows are on, which need not be the training rows'. */
    Optional<String> evaluationToken() {
        return value("EVALUATION_DATASET_TOKEN");
    }

    /** Whether the hub is not to be asked, as Hugging Face's own libraries are told. */
    boolean offline() {
        return value("HF_HUB_OFFLINE")
                .filter(text -> text.matches("(?i)1|on|yes|true"))
                .isPresent();
    }

    S3Access s3() {
        return S3Access.of(environment);
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    }

    /** Without the values, some of which are secrets. */
    @Override
    public String toString() {
        return "DownloadSettings" + environment.keySet();
    }
}
