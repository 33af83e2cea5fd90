package dev.prompttuning.training.metric;

import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.transformers.model.CausalSession;
import dev.prompttuning.transformers.model.KeyValues;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
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
        IntStream.range(0, rows.size())
                .boxed()
                .filter(row -> rows.get(row).answerStart() > 0)
                .collect(Collectors.groupingBy(row -> rows.get(row).task()))
                .forEach((task, ofTask) -> write(task, ofTask, written));
        return IntStream.range(0, rows.size())
                .mapToObj(row -> prediction(rows.get(row), written[row]))
                .toList();
    }

    private void write(int task, List<Integer> ofTask, GreedyBatch.Written... written) {
        int[] order = ofTask.stream()
                .sorted(Comparator.comparingInt(row -> rows.get(row).answerStart()))
                .mapToInt(Integer::intValue)
                .toArray();
        try (KeyValues prefix = tuning.prefix(task)) {
            for (int from = 0; from < order.length; from += batchSize) {
                int[] some = Arrays.copyOfRange(order, from, Math.min(order.length, from + batchSize));
                List<GreedyBatch.Written> answers = answers(prefix, some);
                for (int i = 0; i < some.length; i++) {
                    written[some[i]] = answers.get(i);
                }
            }
        }
    }

    private List<GreedyBatch.Written> answers(KeyValues prefix, int... some) {
        List<long[]> prompts =
                Arrays.stream(some).mapToObj(row -> rows.get(row).promptIds()).toList();
        int longest = prompts.get(prompts.size() - 1).length;
        int room = tuning.model().config().maxPositions() - prefix.length() - longest;
        if (room < 1) {
            return prompts.stream().map(prompt -> GreedyBatch.Written.NOTHING).toList();
        }
        try (CausalSession session = new CausalSession(tuning.model(), prefix)) {
            return new GreedyBatch(session, prompts, Math.min(room, maxNewTokens), ends()).write();
        }
    }

    /** What rows end with: the end token, or what a chat template writes behind an answer. */
    private List<Integer> ends() {
        return rows.stream()
                .filter(row -> row.cut() != EncodedRow.Cut.ANSWER)
                .map(row -> row.tokenIds()[row.length() - 1])
                .distinct()
                .toList();
    }

    private Prediction.OfText prediction(EncodedRow row, GreedyBatch.Written written) {
        return new Prediction.OfText(
                decoder.apply(row.promptIds()),
                decoder.apply(row.answerIds()).strip(),
                decoder.apply(written.tokens()).strip(),
                written.confidence());
    }
}
