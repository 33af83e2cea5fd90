package dev.prompttuning.trainer.command;

import dev.prompttuning.api.contract.ContractPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/** Where a container leaves its last words, which stay in its pod's status. */
record TerminationLog(PodPaths paths) {
    private static final Logger LOG = Logger.getLogger(TerminationLog.class);

    void write(String message) {
        Path file = paths.resolve(ContractPaths.TERMINATION_LOG);
        if (!Files.isDirectory(file.toAbsolutePath().getParent())) {
            return;
        }
        try {
            Files.writeString(file, message);
        } catch (IOException e) {
            LOG.warnf("The termination message cannot be written to %s: %s", file, e.getMessage());
        }
    }
}
