package dev.prompttuning.localcluster.apiserver;

import java.io.IOException;
import java.util.function.Predicate;

/** Where the logs of pods come from: the node. */
@FunctionalInterface
public interface PodLogs {
    /**
     * Which log of a pod to read, and which part of it.
     *
     * @param podUid the pod's {@code metadata.uid}
     * @param follow wait for more until the container has ended
     * @param previous of the run before the present one
     * @param tail only so many of the lines there are
     */
    record Query(String podUid, boolean follow, boolean previous, int tail) {}

    /**
     * Reads on the calling thread, which may be interrupted when the client goes.
     *
     * @param sink gets each line without its end; answers whether it wants more
     * @throws java.nio.file.NoSuchFileException when the container has not written a log
     */
    void read(Query query, Predicate<String> sink) throws IOException, InterruptedException;
}
