package dev.prompttuning.training.metric;

import dev.prompttuning.peft.seq2seq.Seq2SeqTuning;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.training.data.Seq2SeqRow;
import dev.prompttuning.transformers.seq2seq.Seq2SeqPrompt;
import dev.prompttuning.transformers.seq2seq.Seq2SeqSession;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Answers that a model's decoder writes by its likeliest tokens to what its encoder reads, several rows of like length at a time.
 *
 * @param decoder text of tokens, without special ones
 * @param maxNewTokens most tokens of an answer
 */
public record Seq2SeqAnswers(
        Seq2SeqTuning tuning, Function<long[], String> decoder, List<Seq2SeqRow> rows, int batchSize, int maxNewTokens)
        implements AnswerWriter {

    @Override
    public List<Prediction.OfText> write() {
        int[] order = IntStream.range(0, rows.size())
                .boxed()
                .sorted(Comparator.comparingInt(row -> rows.get(row).sourceIds().length))
                .mapToInt(Integer::intValue)
                .toArray();
        GreedyBatch.Written[] written = new GreedyBatch.Written[rows.size()];
        List<Integer> ends = ends();
        try (Seq2SeqPrompt prompt = tuning.prompt()) {
            for (int from = 0; from < order.length; from += batchSize) {
                int[] some = Arrays.copyOfRange(order, from, Math.min(order.length, from + batchSize));
                List<GreedyBatch.Written> answers = answers(prompt, ends, some);
                for (int i = 0; i < some.length; i++) {
                    written[some[i]] = answers.get(i);
                }
            }
        }
        return IntStream.range(0, rows.size())
                .mapToObj(row -> prediction(rows.get(row), written[row]))
                .toList();
    }

    private List<GreedyBatch.Written> answers(Seq2SeqPrompt prompt, List<Integer> ends, int... some) {
        List<long[]> sources = Arrays.stream(some)
                .mapToObj(row -> wide(rows.get(row).sourceIds()))
                .toList();
        int room = tuning.model().decoderConfig().maxPositions() - prompt.past().length() - 1;
        try (Seq2SeqSession session = new Seq2SeqSession(tuning.model(), sources, prompt)) {
            List<long[]> openings =
                    sources.stream().map(source -> session.opening()).toList();
            return new GreedyBatch(session, openings, Math.min(room, maxNewTokens), ends).write();
        }
    }

    private List<Integer> ends() {
        return rows.stream()
                .filter(row -> row.cut() != EncodedRow.Cut.ANSWER)
                .map(row -> row.targetIds()[row.targetIds().length - 1])
                .distinct()
                .toList();
    }

    private static long[] wide(int... ids) {
        return Arrays.stream(ids).asLongStream().toArray();
    }

    private Prediction.OfText prediction(Seq2SeqRow row, GreedyBatch.Written written) {
        return new Prediction.OfText(
                decoder.apply(wide(row.sourceIds())),
                decoder.apply(wide(row.targetIds())).strip(),
                decoder.apply(written.tokens()).strip(),
                written.confidence());
    }
}
