package dev.prompttuning.localcluster.node;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChildProcessesTest {

    /** A JVM that starts a child, prints its process id, and waits. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] args) throws Exception {
            var children = new ChildProcesses();
            System.out.println(
                    children.start(new ProcessBuilder("sleep", "1000")).pid());
            Thread.sleep(TimeUnit.MINUTES.toMillis(5));
        }
    }

    private static Process parent() throws IOException {
        var java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        return new ProcessBuilder(
                        List.of(java, "-Xmx32m", "-cp", System.getProperty("java.class.path"), Parent.class.getName()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static ProcessHandle child(Process parent) throws IOException {
        try (var lines = new BufferedReader(new InputStreamReader(parent.getInputStream()))) {
            return ProcessHandle.of(Long.parseLong(lines.readLine())).orElseThrow();
        }
    }

    @Test
    void childrenDieWithTheirJvm() throws Exception {
        var parent = parent();
        var child = child(parent);
        assertTrue(child.isAlive());
        parent.destroy();
        child.onExit().get(30, TimeUnit.SECONDS);
    }

    @Test
    void childrenDieWithTheirKilledJvmWhereTheKernelHelps() throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "setpriv"))),
                "setpriv is not installed");
        var parent = parent();
        var child = child(parent);
        assertTrue(child.isAlive());
        parent.destroyForcibly();
        child.onExit().get(30, TimeUnit.SECONDS);
    }
}
