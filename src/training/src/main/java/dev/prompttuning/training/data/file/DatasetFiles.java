package dev.prompttuning.training.data.file;

import dev.prompttuning.training.UserMistakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The files of a data set, in a fixed order. */
public record DatasetFiles(List<Path> files) {

    /** Endings of the files that a folder's rows are taken from; {@code .gz} or {@code .zst} may follow those of text. */
    public static final List<String> ENDINGS = List.of(".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet");

    /**
     * @param sources files, and folders whose files of rows are taken in the order of their names
     * @throws UserMistakeException when there is nothing to read
     */
    public static DatasetFiles of(List<Path> sources) {
        List<Path> files = new ArrayList<>();
        for (Path source : sources) {
            if (Files.isDirectory(source)) {
                files.addAll(inFolder(source));
            } else if (Files.isRegularFile(source)) {
                files.add(source);
            } else {
                throw new UserMistakeException("The data set " + source
                        + " does not exist; name a file of rows, such as train.jsonl, or a folder with such files.");
            }
        }
        return new DatasetFiles(List.copyOf(files));
    }

    private static List<Path> inFolder(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> files = entries.filter(DatasetFiles::isRows)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new UserMistakeException("The data set folder " + folder
                        + " has no .json, .jsonl, .csv, .tsv or .parquet file; put the rows there.");
            }
            return files;
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static boolean isRows(Path file) {
        return isNamedLikeRows(file.getFileName().toString());
    }

    /** Whether a file's name says that it holds rows. */
    public static boolean isNamedLikeRows(String name) {
        String bare = RowFile.withoutCompression(name);
        return !bare.startsWith(".") && ENDINGS.stream().anyMatch(bare::endsWith);
    }

    /**
     * Reads all rows.
     *
     * @throws UserMistakeException when a file as a whole cannot be read
     */
    public void read(RowSink sink) {
        files.forEach(file -> RowFile.readAll(file, sink));
    }

    /** {@code sha256:…} over the files' lengths and bytes, so that moving or renaming them changes nothing. */
    public String digest() {
        MessageDigest sha256 = sha256();
        for (Path file : files) {
            try (DigestInputStream bytes = new DigestInputStream(Files.newInputStream(file), sha256)) {
                sha256.update((Files.size(file) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
                byte[] chunk = new byte[1 << 16];
                while (bytes.read(chunk) >= 0) {
                    // the stream feeds the digest
                }
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }
        return "sha256:" + HexFormat.of().formatHex(sha256.digest());
    }

    private static UserMistakeException unreadable(Path path, IOException e) {
        return new UserMistakeException("The data set " + path + " cannot be read: " + e.getMessage() + ".", e);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
