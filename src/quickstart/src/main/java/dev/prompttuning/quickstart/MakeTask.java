package dev.prompttuning.quickstart;

import dev.prompttuning.quickstart.text.JsonLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the tuned task: {@code train.jsonl} and {@code held-out.jsonl}. */
public final class MakeTask {
    private MakeTask() {}

    /** Run as a command with the folder to write to. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("Usage: MakeTask OUT_DIR");
            System.exit(2);
        }
        write(Path.of(arguments[0]));
    }

    static void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        JsonLines.write(folder.resolve("train.jsonl"), Recipe.train());
        JsonLines.write(folder.resolve("held-out.jsonl"), Recipe.evaluation());
    }
}
