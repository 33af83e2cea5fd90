package dev.prompttuning.transformers.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;

/** Lets one process at a time write to a folder of the cache, which several pods may share. */
final class CacheLock {
    private static final long RETRY_MILLIS = 200;

    private CacheLock() {}

    /** Makes the folder, waits until it is free and does the work. */
    static Path holding(Path folder, Supplier<Path> work) {
        try {
            Files.createDirectories(folder);
            try (FileChannel channel =
                    FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                await(channel);
                return work.get();
            }
        } catch (IOException e) {
            throw new DownloadException(
                    "The cache " + folder + " cannot be written: " + FileDownload.reason(e)
                            + "; give a cache that can be written.",
                    e);
        }
    }

    /** Closing the channel gives the lock back. */
    private static void await(FileChannel channel) throws IOException {
        while (tryLock(channel) == null) {
            try {
                Thread.sleep(RETRY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DownloadException("Waiting for the cache was interrupted.", e);
            }
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another thread of this process has it
        }
    }
}
