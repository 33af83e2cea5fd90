package dev.prompttuning.training.metric;

import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.transformers.model.CausalSession;
import dev.prompttuning.transformers.model.KeyValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Answers that a causal model writes by its likeliest tokens, several rows at a time. Rows of a task and of like length go together,
 * behind the same prompt's keys and values.
 */
public final class GreedyAnswers implements AnswerWriter {

    private final CausalTuning tuning;
    private final Function<long[], String> decoder;
    private final List<EncodedRow> rows;
    private final int batchSize;
    private final int maxNewTokens;

    /**
     * @param decoder text of tokens, without special ones
     * @param rows with a prompt each; where there is none, the answer is empty
     * @param maxNewTokens most tokens of an answer; fewer where the model has no more positions
     */
    public GreedyAnswers(
            CausalTuning tuning,
            Function<long[], String> decoder,
            List<EncodedRow> rows,
            int batchSize,
            int maxNewTokens) {
        this.tuning = tuning;
        this.decoder = decoder;
        this.rows = rows;
        this.batchSize = batchSize;
        this.maxNewTokens = maxNewTokens;
    }

    @Override
    public List<Prediction.OfText> write() {
        GreedyBatch.Written[] written = new GreedyBatch.Written[rows.size()];
        Arrays.fill(written, GreedyBatch.Written.NOTHING);
        // Rows may lie in a file, so each is looked at once.
        List<Place> places = new ArrayList<>();
        Set<Integer> ends = new TreeSet<>();
        for (int number = 0; number < rows.size(); number++) {
            EncodedRow row = rows.get(number);
            places.add(new Place(number, row.task(), row.answerStart()));
            if (row.cut() != EncodedRow.Cut.ANSWER) {
                ends.add(row.tokenIds()[row.length() - 1]);
            }
        }
        places.stream()
                .filter(place -> place.promptLength() > 0)
                .sorted(Comparator.comparingInt(Place::promptLength))
                .collect(Collectors.groupingBy(Place::task))
                .forEach((task, ofTask) -> write(task, ofTask, List.copyOf(ends), written));
        return IntStream.range(0, rows.size())
                .mapToObj(row -> prediction(rows.get(row), written[row]))
                .toList();
    }

    /** A row by its number. */
    private record Place(int row, int task, int promptLength) {}

    /**
     * @param ends what rows end with: the end token, or what a chat template writes behind an answer
     */
    private void write(int task, List<Place> ofTask, List<Integer> ends, GreedyBatch.Written... written) {
        int[] order = ofTask.stream().mapToInt(Place::row).toArray();
        try (KeyValues prefix = tuning.prefix(task)) {
            for (int from = 0; from < order.length; from += batchSize) {
                int[] some = Arrays.copyOfRange(order, from, Math.min(order.length, from + batchSize));
                List<GreedyBatch.Written> answers = answers(prefix, ends, some);
                for (int i = 0; i < some.length; i++) {
                    written[some[i]] = answers.get(i);
                }
            }
        }
    }

    private List<GreedyBatch.Written> answers(KeyValues prefix, List<Integer> ends, int... some) {
        List<long[]> prompts =
                Arrays.stream(some).mapToObj(row -> rows.get(row).promptIds()).toList();
        int longest = prompts.get(prompts.size() - 1).length;
        int room = tuning.model().config().maxPositions() - prefix.length() - longest;
        if (room < 1) {
            return prompts.stream().map(prompt -> GreedyBatch.Written.NOTHING).toList();
        }
        try (CausalSession session = new CausalSession(tuning.model(), prefix)) {
            return new GreedyBatch(session, prompts, Math.min(room, maxNewTokens), ends).write();
        }
    }

    private Prediction.OfText prediction(EncodedRow row, GreedyBatch.Written written) {
        return new Prediction.OfText(
                decoder.apply(row.promptIds()),
                decoder.apply(row.answerIds()).strip(),
                decoder.apply(written.tokens()).strip(),
                written.confidence());
    }
}
