package dev.prompttuning.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.data.EncodedRow.Cut;
import dev.prompttuning.training.data.file.DatasetFiles;
import dev.prompttuning.training.data.file.RowProblem;
import dev.prompttuning.training.data.file.RowSink;
import dev.prompttuning.training.data.store.RowCollector;
import dev.prompttuning.training.data.store.RowStorage;
import dev.prompttuning.training.data.store.Rows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Rows ready for training.
 *
 * @param digest of the files, {@code sha256:…}
 */
public record Dataset<R extends Row>(List<R> rows, DatasetReport report, String digest) {

    public Dataset {
        rows = Rows.copyOf(rows);
    }

    /** Reads what a language model learns; as {@link #read(List, RowReader)}. */
    public static Dataset<EncodedRow> read(List<Path> sources, RowFormat format, RowEncoder encoder) {
        return read(sources, format, encoder, TaskColumn.NONE);
    }

    /** As {@link #read(List, RowFormat, RowEncoder)}, of rows of several tasks. */
    public static Dataset<EncodedRow> read(List<Path> sources, RowFormat format, RowEncoder encoder, TaskColumn tasks) {
        return read(sources, new CausalReader(format, encoder, tasks));
    }

    /** Reads files, or folders of files, of rows into memory; as {@link #read(List, RowReader, RowStorage)}. */
    public static <R extends Row> Dataset<R> read(List<Path> sources, RowReader<R> reader) {
        return read(sources, reader, RowStorage.MEMORY);
    }

    /**
     * Reads files, or folders of files, of rows.
     *
     * @param storage where the rows are kept, which nothing else depends on
     * @throws UserMistakeException when nothing usable is in them
     */
    public static <R extends Row> Dataset<R> read(List<Path> sources, RowReader<R> reader, RowStorage storage) {
        DatasetFiles files = DatasetFiles.of(sources);
        try (RowCollector<R> rows = storage.collector(reader.codec())) {
            Reading<R> reading = new Reading<>(reader, rows);
            files.read(reading);
            DatasetReport report = reading.report();
            refuseUseless(sources, report);
            return new Dataset<>(rows.rows(), report, files.digest());
        }
    }

    private static void refuseUseless(List<Path> sources, DatasetReport report) {
        String names = String.join(", ", sources.stream().map(Path::toString).toList());
        if (report.used() == 0) {
            throw new UserMistakeException("The data set " + names + " has no usable row"
                    + report.firstProblems().stream()
                            .findFirst()
                            .map(first -> " (" + first + "; " + report.skipped() + " skipped)")
                            .orElse(": it is empty")
                    + "; check dataset.format and dataset.columns.");
        }
        if (report.answersCut() == report.used()) {
            throw new UserMistakeException("Every answer of the data set " + names
                    + " is longer than dataset.maxLength; make maxLength larger or the answers shorter.");
        }
    }

    /**
     * Sets rows aside for evaluation, the same ones for the same seed.
     *
     * @param fraction between 0 and 1; each side gets one row at least
     */
    public Split<R> split(double fraction, long seed) {
        if (!(fraction > 0 && fraction < 1)) {
            throw new UserMistakeException(
                    "dataset.evaluationSplit is " + fraction + "; it must lie between 0 and 1, such as 0.1.");
        }
        if (rows.size() < 2) {
            throw new UserMistakeException(
                    "dataset.evaluationSplit needs two rows at least, and the data set has one; add rows.");
        }
        int[] shuffled = Rows.shuffled(rows.size(), new Random(seed));
        int held = (int) Math.max(1, Math.min(rows.size() - 1L, Math.round(fraction * rows.size())));
        return new Split<>(
                Rows.select(rows, Arrays.copyOfRange(shuffled, held, shuffled.length)),
                Rows.select(rows, Arrays.copyOf(shuffled, held)));
    }

    /** Rows to train on, and rows to evaluate on. */
    public record Split<R extends Row>(List<R> train, List<R> evaluation) {
        public Split {
            train = Rows.copyOf(train);
            evaluation = Rows.copyOf(evaluation);
        }
    }

    private static final class Reading<R extends Row> implements RowSink {
        private final RowReader<R> reader;
        private final RowCollector<R> rows;
        private final Map<Cut, Integer> cuts = new EnumMap<>(Cut.class);
        private final List<RowProblem> problems = new ArrayList<>();
        private int used;
        private int skipped;

        Reading(RowReader<R> reader, RowCollector<R> rows) {
            this.reader = reader;
            this.rows = rows;
        }

        @Override
        public void row(String where, JsonNode json) {
            try {
                R row = reader.read(json);
                if (row.isLabelled()) {
                    rows.add(row);
                    used++;
                    cuts.merge(row.cut(), 1, Integer::sum);
                } else {
                    problem(new RowProblem(where, "nothing to learn in it"));
                }
            } catch (RowFormatException e) {
                problem(new RowProblem(where, e.getMessage()));
            }
        }

        @Override
        public void problem(RowProblem problem) {
            skipped++;
            if (problems.size() < DatasetReport.REMEMBERED) {
                problems.add(problem);
            }
        }

        DatasetReport report() {
            return new DatasetReport(used, skipped, count(Cut.PROMPT), count(Cut.ANSWER), count(Cut.TEXT), problems);
        }

        private int count(Cut cut) {
            return cuts.getOrDefault(cut, 0);
        }
    }
}
