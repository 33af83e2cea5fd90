package dev.prompttuning.localcluster.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeSet;

/**
 * A folder whose files change all at once, laid out as a kubelet does: {@code key} links to {@code ..data/key}, and
 * {@code ..data} links to a folder of the present version. Replacing that one link is atomic.
 */
final class AtomicFolder {

    private static final String DATA = "..data";

    private final Path folder;

    AtomicFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes the folder hold these files and no others.
     *
     * @param files contents by relative path, {@code /} between folders
     * @return whether anything changed
     */
    boolean write(Map<String, byte[]> files) throws IOException {
        Files.createDirectories(folder);
        var data = folder.resolve(DATA);
        if (Files.isDirectory(data) && holds(data, files)) {
            return false;
        }
        var before = Files.isSymbolicLink(data) ? folder.resolve(Files.readSymbolicLink(data)) : null;
        var version = Files.createTempDirectory(folder, "..version-");
        for (var file : files.entrySet()) {
            var target = version.resolve(file.getKey()).normalize();
            if (!target.startsWith(version)) {
                throw new IOException("the path \"" + file.getKey() + "\" leaves the volume");
            }
            Files.createDirectories(target.getParent());
            Files.write(target, file.getValue());
        }
        var next = folder.resolve(DATA + "_next");
        Files.deleteIfExists(next);
        Files.createSymbolicLink(next, version.getFileName());
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
        linkNames(files);
        if (before != null) {
            delete(before);
        }
        return true;
    }

    private static boolean holds(Path data, Map<String, byte[]> files) throws IOException {
        var root = data.toRealPath();
        try (var present = Files.walk(root)) {
            var count = present.filter(Files::isRegularFile).count();
            if (count != files.size()) {
                return false;
            }
        }
        for (var file : files.entrySet()) {
            var path = root.resolve(file.getKey());
            if (!Files.isRegularFile(path) || !Arrays.equals(Files.readAllBytes(path), file.getValue())) {
                return false;
            }
        }
        return true;
    }

    private void linkNames(Map<String, byte[]> files) throws IOException {
        var names = new TreeSet<String>();
        files.keySet().forEach(path -> names.add(path.split("/", 2)[0]));
        for (var name : names) {
            var link = folder.resolve(name);
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(link, Path.of(DATA, name));
            }
        }
        try (var present = Files.list(folder)) {
            for (var path : present.toList()) {
                var name = path.getFileName().toString();
                if (!name.startsWith("..") && !names.contains(name)) {
                    Files.delete(path);
                }
            }
        }
    }

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
}
