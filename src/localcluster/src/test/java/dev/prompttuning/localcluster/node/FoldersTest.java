package dev.prompttuning.localcluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

    @TempDir
    Path folder;

    @Test
    void writesTheseFilesAndNoOthers() throws IOException {
        Folders.write(folder, Map.of("a", "1", "b", "2"));
        var time = Files.getLastModifiedTime(folder.resolve("a"));

        Folders.write(folder, Map.of("a", "1", "c", "3"));
        assertEquals("1", Files.readString(folder.resolve("a")));
        assertEquals(time, Files.getLastModifiedTime(folder.resolve("a")));
        assertEquals("3", Files.readString(folder.resolve("c")));
        assertFalse(Files.exists(folder.resolve("b")));

        Folders.write(folder, Map.of("a", "10"));
        assertEquals("10", Files.readString(folder.resolve("a")));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void deletesLinksAndNotWhatTheyPointTo() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "data");
        var inner = Files.createDirectories(folder.resolve("inner/deep"));
        Files.createSymbolicLink(inner.resolve("link"), file);

        Folders.delete(folder.resolve("inner"));
        assertFalse(Files.exists(folder.resolve("inner")));
        assertEquals("data", Files.readString(file));
    }
}
