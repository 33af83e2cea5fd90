package dev.prompttuning.training.data.file;

import dev.prompttuning.training.UserMistakeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A file of rows. */
interface RowFile {

    /** @throws IOException with a clause that says what is wrong with the file as a whole */
    void read(RowSink sink) throws IOException;

    /**
     * The file as what its ending says; Parquet and compressed files are known by their first bytes, and what has another ending
     * is taken for JSON.
     */
    static RowFile of(Path file) throws IOException {
        if (isParquet(file)) {
            return new ParquetRows(file);
        }
        String name = withoutCompression(file.getFileName().toString());
        if (name.endsWith(".csv") || name.endsWith(".tsv")) {
            return new CsvRows(file, name.endsWith(".tsv"));
        }
        return new JsonRows(file);
    }

    /**
     * Reads all rows.
     *
     * @throws UserMistakeException when the file as a whole cannot be read
     */
    static void readAll(Path file, RowSink sink) {
        try {
            of(file).read(sink);
        } catch (IOException e) {
            throw new UserMistakeException(
                    "The data set file " + file + " cannot be read: "
                            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()) + ".",
                    e);
        }
    }

    /** A file's name in small letters, without the ending that says how it is compressed. */
    static String withoutCompression(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        boolean compressed = name.endsWith(".gz") || name.endsWith(".zst");
        return compressed ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    private static boolean isParquet(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return new String(bytes.readNBytes(4), java.nio.charset.StandardCharsets.ISO_8859_1).equals("PAR1")
                    || withoutCompression(file.getFileName().toString()).endsWith(".parquet");
        }
    }
}
