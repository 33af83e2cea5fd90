package dev.prompttuning.training.data.file;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;

/**
 * The rows of a CSV or TSV file (RFC 4180) with a header. A value is a text; an empty one without quotes is no value. A CSV file
 * without a comma in its header is separated by semicolons or tabs, if the header has these.
 */
final class CsvRows implements RowFile {
    private static final char REPLACEMENT = '\uFFFD';
    private static final int HEADER_LIMIT = 1 << 16;

    private final Path file;
    private final boolean tabs;

    CsvRows(Path file, boolean tabs) {
        this.file = file;
        this.tabs = tabs;
    }

    @Override
    public void read(RowSink sink) throws IOException {
        try (Reader text = new BufferedReader(
                        new InputStreamReader(TextFile.open(file), StandardCharsets.UTF_8), HEADER_LIMIT);
                CSVParser parser = parser(text)) {
            Records records = new Records(parser);
            if (!records.hasNext(sink)) {
                return;
            }
            List<String> header = header(records.next());
            while (records.hasNext(sink)) {
                accept(header, records.next(), records.where(), sink);
            }
        }
    }

    private CSVParser parser(Reader text) throws IOException {
        text.mark(HEADER_LIMIT);
        if (text.read() != '\uFEFF') {
            text.reset();
        }
        return CSVFormat.RFC4180
                .builder()
                .setDelimiter(tabs ? '\t' : delimiter(text))
                // Tells an empty value from an empty text in quotes.
                .setNullString("")
                .setQuoteMode(QuoteMode.ALL_NON_NULL)
                .setRecordSeparator('\n')
                .get()
                .parse(text);
    }

    private static char delimiter(Reader text) throws IOException {
        text.mark(HEADER_LIMIT);
        StringBuilder header = new StringBuilder();
        int next = text.read();
        while (next >= 0 && next != '\n' && next != ',' && header.length() < HEADER_LIMIT / 2) {
            header.append((char) next);
            next = text.read();
        }
        text.reset();
        if (next == ',') {
            return ',';
        }
        return header.indexOf(";") >= 0 ? ';' : header.indexOf("\t") >= 0 ? '\t' : ',';
    }

    private List<String> header(CSVRecord record) throws IOException {
        Set<String> seen = new HashSet<>();
        for (String name : record) {
            if (name != null && !seen.add(name)) {
                throw new IOException("its header names the column \"" + name + "\" twice");
            }
        }
        return record.toList();
    }

    private static void accept(List<String> header, CSVRecord record, String where, RowSink sink) {
        if (record.size() != header.size()) {
            sink.problem(new RowProblem(where, "%d values for %d columns".formatted(record.size(), header.size())));
            return;
        }
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        for (int column = 0; column < header.size(); column++) {
            String value = record.get(column);
            if (value != null && value.indexOf(REPLACEMENT) >= 0) {
                sink.problem(new RowProblem(where, "not UTF-8"));
                return;
            }
            // A column without a name is the row number that some programs write.
            if (value != null && header.get(column) != null) {
                row.put(header.get(column), value);
            }
        }
        sink.row(where, row);
    }

    /** Goes over the records, and over those that the parser stumbles over. */
    private final class Records {
        private final CSVParser parser;
        private final Iterator<CSVRecord> records;
        private long line;
        private CSVRecord current;

        Records(CSVParser parser) {
            this.parser = parser;
            this.records = parser.iterator();
        }

        boolean hasNext(RowSink sink) throws IOException {
            boolean behindProblem = false;
            while (true) {
                line = parser.getCurrentLineNumber() + 1;
                try {
                    if (!records.hasNext()) {
                        return false;
                    }
                    current = records.next();
                    if (!behindProblem && !isBlank(current)) {
                        return true;
                    }
                    behindProblem = false;
                } catch (UncheckedIOException e) {
                    if (!(e.getCause() instanceof CSVException)) {
                        throw e.getCause();
                    }
                    if (!behindProblem) {
                        sink.problem(new RowProblem(where(), "not valid CSV (" + reason(e) + ")"));
                    }
                    // The parser goes on in the middle of the line.
                    behindProblem = true;
                }
            }
        }

        private boolean isBlank(CSVRecord record) {
            return record.size() == 1 && record.get(0) == null;
        }

        private String reason(UncheckedIOException e) {
            String message = String.valueOf(e.getCause().getMessage());
            return message.contains("EOF") ? "the quotes do not end" : "text behind quotes";
        }

        CSVRecord next() {
            return current;
        }

        String where() {
            return file.getFileName() + ":" + line;
        }
    }
}
