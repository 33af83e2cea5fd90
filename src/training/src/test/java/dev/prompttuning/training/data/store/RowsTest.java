package dev.prompttuning.training.data.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of texts, in memory and in files. */
class RowsTest {

    @TempDir
    Path folder;

    private record Texts() implements RowCodec<String> {
        @Override
        public void write(String row, DataOutput out) throws IOException {
            byte[] bytes = row.getBytes(StandardCharsets.UTF_8);
            out.writeByte(bytes.length);
            for (byte one : bytes) {
                out.write(one);
            }
        }

        @Override
        public String read(ByteBuffer bytes) {
            byte[] text = new byte[bytes.get()];
            bytes.get(text);
            return new String(text, StandardCharsets.UTF_8);
        }

        @Override
        public long bytesInMemory(String row) {
            return row.length();
        }
    }

    private static final List<String> TEXTS = IntStream.range(0, 500)
            .mapToObj(number -> "x".repeat(number * 7 % 40) + number)
            .toList();

    private List<String> stored(RowStorage storage) {
        try (RowCollector<String> rows = storage.collector(Optional.of(new Texts()))) {
            TEXTS.forEach(rows::add);
            return rows.rows();
        }
    }

    @Test
    void rowsOfAFileAreTheSameAcrossSegments() throws IOException {
        try (RowFileWriter<String> writer = RowFileWriter.in(folder, new Texts(), 64)) {
            for (String text : TEXTS) {
                writer.write(text);
            }
            List<String> rows = writer.rows();
            assertEquals(TEXTS, rows);
            assertEquals(TEXTS.get(499), rows.get(499));
            assertThrows(IndexOutOfBoundsException.class, () -> rows.get(500));
            assertThrows(UnsupportedOperationException.class, () -> rows.set(0, "y"));
        }
    }

    @Test
    void rowsGoToAFileWhenTheyAreTooMany() throws IOException {
        assertFalse(stored(new RowStorage(folder, 100_000)) instanceof Rows.NotInMemory);
        List<String> rows = stored(new RowStorage(folder, 3000));
        assertInstanceOf(Rows.NotInMemory.class, rows);
        assertEquals(TEXTS, rows);
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count(), "the file is deleted, its rows stay");
        }
    }

    @Test
    void viewsOfAFileAreWhatListsInMemoryAre() {
        List<String> rows = stored(new RowStorage(folder, 0));
        int[] order = Rows.shuffled(TEXTS.size(), new Random(5));
        List<String> selected = Rows.select(rows, order);
        assertInstanceOf(Rows.NotInMemory.class, selected);
        assertEquals(Rows.select(TEXTS, order), selected);
        assertEquals(
                Rows.map(Rows.sorted(TEXTS, String::length), text -> text + "!"),
                Rows.map(Rows.sorted(rows, String::length), text -> text + "!"));
        assertEquals(rows, Rows.copyOf(rows));
    }

    @Test
    void numbersAreShuffledAsLists() {
        List<String> list = new ArrayList<>(TEXTS);
        Collections.shuffle(list, new Random(3));
        assertEquals(list, Rows.select(TEXTS, Rows.shuffled(TEXTS.size(), new Random(3))));
    }

    @Test
    void saysThatThereIsNoRoom() {
        Path file = folder.resolve("file");
        assertThrows(
                java.io.UncheckedIOException.class,
                () -> stored(new RowStorage(Files.writeString(file, "not a folder"), 0)));
    }
}
