package dev.prompttuning.localcluster.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Starts processes that do not outlive this JVM: a shutdown hook kills them, and where {@code setpriv} is installed
 * (Linux) the kernel does so too when this JVM is killed outright.
 */
final class ChildProcesses implements AutoCloseable {

    private static final List<String> DIE_WITH_PARENT = List.of("setpriv", "--pdeathsig", "SIGKILL");

    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private final List<String> prefix = works(DIE_WITH_PARENT) ? DIE_WITH_PARENT : List.of();
    private boolean closed;

    ChildProcesses() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "localcluster-kill-children"));
    }

    private static boolean works(List<String> prefix) {
        var command = new ArrayList<>(prefix);
        command.add("true");
        try {
            return new ProcessBuilder(command).start().onExit().join().exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    /** Must be called on a thread that lives as long as the process: the kernel takes that thread for its parent. */
    synchronized Process start(ProcessBuilder builder) throws IOException {
        if (closed) {
            throw new IOException("the node is shutting down");
        }
        builder.command().addAll(0, prefix);
        var process = builder.start();
        running.add(process);
        process.onExit().thenRun(() -> running.remove(process));
        return process;
    }

    /** SIGKILL to a process and all it started. */
    static void kill(Process process) {
        var family = process.descendants().toList();
        process.destroyForcibly();
        family.forEach(ProcessHandle::destroyForcibly);
    }

    /**
     * Kills everything and starts nothing more. To be called while the threads that started the processes still live:
     * with a thread the kernel kills its processes, and what those had started can then not be found any more.
     */
    @Override
    public synchronized void close() {
        closed = true;
        running.forEach(ChildProcesses::kill);
    }
}
