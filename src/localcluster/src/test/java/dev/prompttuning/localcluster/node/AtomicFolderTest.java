package dev.prompttuning.localcluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderTest {

    @TempDir
    Path folder;

    @Test
    void replacesAllFilesThroughOneLink() throws IOException {
        var volume = new AtomicFolder(folder);
        assertTrue(volume.write(Map.of("a", bytes("1"), "b", bytes("2"), "sub/c", bytes("3"))));
        assertEquals("3", Files.readString(folder.resolve("sub/c")));
        var first = Files.readSymbolicLink(folder.resolve("..data"));

        assertFalse(volume.write(Map.of("a", bytes("1"), "b", bytes("2"), "sub/c", bytes("3"))));
        assertEquals(first, Files.readSymbolicLink(folder.resolve("..data")));

        assertTrue(volume.write(Map.of("a", bytes("10"), "d", bytes("4"))));
        assertEquals("10", Files.readString(folder.resolve("a")));
        assertEquals("4", Files.readString(folder.resolve("d")));
        assertFalse(Files.exists(folder.resolve("b")));
        assertFalse(Files.exists(folder.resolve("sub")));
        assertFalse(Files.exists(folder.resolve(first)));
    }

    @Test
    void keepsFilesInside() {
        var volume = new AtomicFolder(folder.resolve("volume"));
        assertThrows(IOException.class, () -> volume.write(Map.of("../out", bytes("1"))));
        assertFalse(Files.exists(folder.resolve("out")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
