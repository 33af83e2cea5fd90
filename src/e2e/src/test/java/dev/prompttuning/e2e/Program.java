package dev.prompttuning.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A program of the PATH, run to its end. */
public final class Program {
    private final List<String> command;

    public Program(String... command) {
        this.command = List.of(command);
    }

    /**
     * How a run ended.
     *
     * @param code the exit code
     */
    public record Ended(int code, byte[] out, String err) {

        /** What the program printed. */
        public String text() {
            return new String(out, StandardCharsets.UTF_8);
        }
    }

    /** Runs with further arguments and expects success; returns what was printed. */
    public String run(String... arguments) {
        return feed(new byte[0], arguments).text();
    }

    /** Like {@link #run} with something to read. */
    public Ended feed(byte[] input, String... arguments) {
        Ended ended = attempt(input, arguments);
        if (ended.code() != 0) {
            throw new AssertionError(line(arguments) + " ended with " + ended.code() + ": " + ended.err());
        }
        return ended;
    }

    /** Runs, and takes whatever comes of it. */
    public Ended attempt(byte[] input, String... arguments) {
        List<String> all = new ArrayList<>(command);
        all.addAll(Arrays.asList(arguments));
        try {
            Process process = new ProcessBuilder(all).start();
            var out = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
            var err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
            write(process, input);
            int code = process.waitFor();
            return new Ended(code, out.join(), new String(err.join(), StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(command.get(0) + " cannot be run: put it on the PATH.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(line(arguments) + " was interrupted", e);
        }
    }

    private static void write(Process process, byte[] input) {
        try (var stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException e) {
            // It ended without reading all; its exit code says why.
            Thread.yield();
        }
    }

    private static byte[] read(InputStream stream) {
        try (stream) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String line(String... arguments) {
        return String.join(" ", command) + " " + String.join(" ", arguments);
    }
}
