package dev.prompttuning.training.job;

import dev.prompttuning.transformers.hub.DownloadProgress;
import java.util.Locale;
import java.util.function.Consumer;

/** Tells how far downloads are: a line at each file's start and end, and one for every tenth of a large file. */
public final class DownloadLog implements DownloadProgress {
    private static final long LARGE = 50_000_000;

    private final Consumer<String> log;
    private String file = "";
    private long told;

    /** @param log takes one line at a time, for people */
    public DownloadLog(Consumer<String> log) {
        this.log = log;
    }

    @Override
    public void at(String name, long bytes, long totalBytes) {
        long tenth = totalBytes > 0 ? 10 * bytes / totalBytes : 0;
        boolean isNew = !name.equals(file);
        boolean isNews = totalBytes >= LARGE ? tenth > told : bytes == totalBytes && !isNew;
        if (isNew || isNews) {
            file = name;
            told = tenth;
            log.accept(String.format(
                    Locale.ROOT,
                    totalBytes > 0 ? "Downloading %s: %.1f of %.1f MB" : "Downloading %s: %.1f MB",
                    name,
                    bytes / 1e6,
                    totalBytes / 1e6));
        }
    }
}
