package dev.prompttuning.quickstart.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Data set files: one JSON object a line. */
public final class JsonLines {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonLines() {}

    /** Reads the rows of a file. */
    public static List<Example> read(Path file) throws IOException {
        List<Example> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            rows.add(JSON.readValue(line, Example.class));
        }
        return List.copyOf(rows);
    }

    /** Writes rows to a file, in place of what it held. */
    public static void write(Path file, List<Example> rows) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Example row : rows) {
                out.write(JSON.writeValueAsString(row));
                out.write('\n');
            }
        }
    }
}
