package dev.prompttuning.training.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.training.batch.BatchOrder;
import dev.prompttuning.training.data.store.RowStorage;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data set whose rows take more than twice the heap, in a process of its own. */
class StreamedDatasetTest {
    private static final int ROWS = 20_000;
    private static final int LENGTH = 1000;

    @TempDir
    Path folder;

    static final class Child {
        private Child() {}

        /** Prints the sum of all tokens, and the mebibytes of heap in use. */
        public static void main(String[] args) {
            Path file = Path.of(args[0]);
            RowStorage storage = RowStorage.of(file.getParent(), args[1].equals("auto") ? null : false);
            RowEncoder encoder = new RowEncoder(
                    (text, special) -> text.chars().asLongStream().toArray(), 0, 2 * LENGTH, true);
            Dataset<EncodedRow> data = Dataset.read(
                    List.of(file),
                    new CausalReader(new RowFormat.Text(Columns.STANDARD), encoder, TaskColumn.NONE),
                    storage);
            Dataset.Split<EncodedRow> split = data.split(0.1, 1);
            int[] lengths = split.train().stream().mapToInt(EncodedRow::length).toArray();
            long sum = 0;
            for (int[] batch : new BatchOrder(lengths, 8, true, 1).epoch(0)) {
                for (int row : batch) {
                    sum += split.train().get(row).length();
                }
            }
            System.gc();
            Runtime heap = Runtime.getRuntime();
            System.out.println(sum + " " + (heap.totalMemory() - heap.freeMemory() >> 20) + " "
                    + split.evaluation().size());
        }
    }

    private List<String> run(String mode, int megabytes) throws IOException, InterruptedException {
        Path file = folder.resolve("rows.jsonl");
        if (!Files.exists(file)) {
            try (BufferedWriter out = Files.newBufferedWriter(file)) {
                for (int row = 0; row < ROWS; row++) {
                    out.write("{\"text\":\"" + "abcdefghij".repeat(LENGTH / 10) + "\"}\n");
                }
            }
        }
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx" + megabytes + "m",
                        "-cp",
                        classPath,
                        Child.class.getName(),
                        file.toString(),
                        mode)
                .redirectErrorStream(true)
                .start();
        try (var lines = process.inputReader()) {
            List<String> said = lines.lines().toList();
            process.waitFor();
            return said;
        }
    }

    @Test
    void rowsThatDoNotFitGoToAFile() throws Exception {
        String said = run("auto", 32).get(0);
        String[] figures = said.split(" ");
        assertEquals(3, figures.length, said);
        assertEquals((long) (ROWS * 0.9) * (LENGTH + 1), Long.parseLong(figures[0]));
        assertTrue(Integer.parseInt(figures[1]) < 12, said + " MiB of heap");
        assertEquals((int) (ROWS * 0.1), Integer.parseInt(figures[2]));
        assertTrue(
                run("memory", 32).stream().anyMatch(line -> line.contains("OutOfMemoryError")),
                "the same rows in memory do not fit");
    }
}
