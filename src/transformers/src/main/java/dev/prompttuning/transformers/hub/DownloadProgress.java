package dev.prompttuning.transformers.hub;

/** Hears how far a download is. */
@FunctionalInterface
public interface DownloadProgress {
    /** Hears nothing. */
    DownloadProgress NONE = (file, bytes, totalBytes) -> {};

    /**
     * Called at the start of a file, about every MiB, and at its end.
     *
     * @param file its name in the model folder
     * @param bytes what is here, including what an earlier attempt fetched
     * @param totalBytes its size, or -1 where the server does not tell
     */
    void at(String file, long bytes, long totalBytes);
}
