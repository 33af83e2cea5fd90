package dev.prompttuning.training.data.store;

import java.nio.file.Path;
import java.util.Optional;

/**
 * When rows go to a file, and where to.
 *
 * @param folder for files, which are deleted with the process at the latest
 * @param limit bytes of rows in memory beyond which they are written to a file
 */
public record RowStorage(Path folder, long limit) {

    /** All rows stay in memory. */
    public static final RowStorage MEMORY = new RowStorage(Path.of(""), Long.MAX_VALUE);

    /** Share of the heap that rows may take. */
    private static final int SHARE = 4;

    /**
     * As the user asks, or by the size of the heap.
     *
     * @param streaming whether rows go to a file at once, or never; null: when there are too many
     */
    public static RowStorage of(Path folder, Boolean streaming) {
        if (streaming == null) {
            return new RowStorage(folder, Runtime.getRuntime().maxMemory() / SHARE);
        }
        return streaming ? new RowStorage(folder, 0) : MEMORY;
    }

    /** @param codec empty for rows that can only be in memory */
    public <R> RowCollector<R> collector(Optional<RowCodec<R>> codec) {
        return new RowCollector<>(codec, this);
    }
}
