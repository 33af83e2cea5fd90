package dev.prompttuning.trainer.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * This program once more, in a process of its own.
 *
 * @param command up to and without the name of a sub-command
 */
public record ChildTrainer(List<String> command) {

    /** As this process was started. */
    public static ChildTrainer ofThisProcess() {
        ProcessHandle.Info self = ProcessHandle.current().info();
        List<String> arguments =
                Arrays.asList(self.arguments().orElseThrow(() -> unknown("its arguments are not to be seen")));
        int jar = arguments.indexOf("-jar");
        if (jar < 0) {
            throw unknown("it runs from no jar");
        }
        List<String> command = new ArrayList<>(List.of(self.command().orElseThrow(() -> unknown("it has no name"))));
        command.addAll(arguments.subList(0, jar + 2));
        return new ChildTrainer(command);
    }

    private static IllegalStateException unknown(String why) {
        return new IllegalStateException("This program cannot start itself again: " + why);
    }

    /** Runs to the end and shows what it prints; ends it, after its checkpoint, when this process is to end. */
    public int run(List<String> arguments) {
        List<String> line = new ArrayList<>(command);
        line.addAll(arguments);
        try {
            Process child = new ProcessBuilder(line).inheritIO().start();
            Thread end = new Thread(() -> endOf(child));
            Runtime.getRuntime().addShutdownHook(end);
            int code = child.waitFor();
            Runtime.getRuntime().removeShutdownHook(end);
            return code;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a training ran", e);
        }
    }

    private static void endOf(Process child) {
        child.destroy();
        try {
            child.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
