package dev.prompttuning.localcluster.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;

/** What the node does with folders of the file system. */
final class Folders {

    private Folders() {}

    /** Deletes a folder and what is in it, not what its links point to. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Makes a folder hold these texts by file name and no others. Whoever reads a file sees the old text or the new. */
    static void write(Path folder, Map<String, String> texts) throws IOException {
        Files.createDirectories(folder);
        for (var text : texts.entrySet()) {
            var file = folder.resolve(text.getKey());
            if (!Files.exists(file) || !Files.readString(file).equals(text.getValue())) {
                var next = Files.writeString(folder.resolve(".." + text.getKey()), text.getValue());
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                if (!texts.containsKey(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
    }
}
