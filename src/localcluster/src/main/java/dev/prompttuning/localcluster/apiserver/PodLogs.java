package dev.prompttuning.localcluster.apiserver;

import java.io.IOException;
import java.nio.file.Path;

/** Where the logs of pods are: files of the node. Called on the API server's thread. */
public interface PodLogs {

    /**
     * The log of the present or last run of a pod's container.
     *
     * @param podUid the pod's {@code metadata.uid}
     * @param previous of the run before it
     * @throws IOException when there is none
     */
    Path file(String podUid, boolean previous) throws IOException;

    /** Whether more may be written to a log. */
    boolean grows(Path file);
}
