package dev.prompttuning.e2e.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A program of the PATH. A test that does not find it fails: who asks for these tests wants to know.
 *
 * @param module where {@code go install} finds it
 */
record Program(String name, String module) {

    /** What a run printed on both streams, and its exit status. */
    record Result(int status, String output) {}

    Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(name));
        command.addAll(Arrays.asList(arguments));
        Process process = start(command);
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }

    /** The output of a run that must succeed. */
    String output(String... arguments) throws IOException, InterruptedException {
        Result result = run(arguments);
        assertEquals(0, result.status(), () -> name + " " + String.join(" ", arguments) + "\n" + result.output());
        return result.output();
    }

    private Process start(List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return fail(
                    name + " is not on the PATH: go install " + module + ", and put $(go env GOPATH)/bin on the PATH.");
        }
    }
}
