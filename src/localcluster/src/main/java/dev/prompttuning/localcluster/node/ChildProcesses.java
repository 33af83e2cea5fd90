package dev.prompttuning.localcluster.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Starts processes that do not outlive this JVM: a shutdown hook kills them, and where {@code setpriv} is installed
 * (Linux) the kernel does so too when this JVM is killed outright.
 */
final class ChildProcesses implements AutoCloseable {

    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private final List<String> prefix;
    private boolean closed;
    private final Thread hook = new Thread(this::killAll, "localcluster-kill-children");

    ChildProcesses() {
        prefix = diesWithParent();
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private static List<String> diesWithParent() {
        var words = List.of("setpriv", "--pdeathsig", "SIGKILL");
        var test = new ArrayList<>(words);
        test.add("true");
        try {
            var process = new ProcessBuilder(test)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 ? words : List.of();
        } catch (IOException notInstalled) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Must be called on a thread that lives as long as the process: the kernel takes that thread for its parent. */
    synchronized Process start(ProcessBuilder builder) throws IOException {
        if (closed) {
            throw new IOException("the node is shutting down");
        }
        var command = new ArrayList<>(prefix);
        command.addAll(builder.command());
        var process = builder.command(command).start();
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

    private synchronized void killAll() {
        closed = true;
        running.forEach(ChildProcesses::kill);
    }

    /**
     * Kills everything and starts nothing more. To be called while the threads that started the processes still live:
     * with a thread the kernel kills its processes, and what those had started can then not be found any more.
     */
    @Override
    public void close() {
        killAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs anyway.
            Thread.onSpinWait();
        }
    }
}
