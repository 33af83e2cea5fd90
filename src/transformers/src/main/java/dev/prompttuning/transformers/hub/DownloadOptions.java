package dev.prompttuning.transformers.hub;

import java.time.Duration;

/** @param pause before the second attempt at a file; it doubles each time */
record DownloadOptions(DownloadProgress progress, Duration pause) {
    static final DownloadOptions DEFAULT = new DownloadOptions(DownloadProgress.NONE, Duration.ofSeconds(1));
}
