package dev.prompttuning.training.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders that are whole or absent: filled beside their place, brought to the disk, and renamed. */
public final class AtomicFolder {

    /** Puts the files into an empty folder. */
    @FunctionalInterface
    public interface Content {
        void write(Path folder) throws IOException;
    }

    private AtomicFolder() {}

    /** Makes {@code target} hold what {@code content} writes, in place of what is there now. */
    public static void write(Path target, Content content) throws IOException {
        Path parent = target.toAbsolutePath().getParent();
        Files.createDirectories(parent);
        Path filling = parent.resolve("." + target.getFileName() + ".new");
        delete(filling);
        Files.createDirectory(filling);
        content.write(filling);
        for (Path file : below(filling)) {
            force(file);
        }
        Path replaced = parent.resolve("." + target.getFileName() + ".old");
        delete(replaced);
        if (Files.exists(target)) {
            Files.move(target, replaced, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(filling, target, StandardCopyOption.ATOMIC_MOVE);
        force(parent);
        delete(replaced);
    }

    /** Deletes a folder and all in it, if it is there. */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        for (Path path :
                below(folder).stream().sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
        }
    }

    private static List<Path> below(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.toList();
        }
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
