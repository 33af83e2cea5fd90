package dev.prompttuning.training.metric;

import dev.prompttuning.transformers.generation.Continuation;
import dev.prompttuning.transformers.generation.DecodeSession;
import dev.prompttuning.transformers.generation.FinishReason;
import dev.prompttuning.transformers.generation.Generation;
import dev.prompttuning.transformers.generation.GenerationListener;
import dev.prompttuning.transformers.generation.GenerationSettings;
import dev.prompttuning.transformers.generation.ScoredToken;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows that are continued together, without padding: as many tokens of each prompt are fed at once as the shortest has, and from
 * there on each row gets the next token of its prompt, or, where that is at its end, the one that it has chosen.
 */
final class GreedyBatch {

    private final DecodeSession session;
    private final List<Line> lines;

    /**
     * What became of a row.
     *
     * @param tokens without the end token
     * @param confidence mean probability of the tokens, the end token included
     */
    record Written(long[] tokens, double confidence) {
        static final Written NOTHING = new Written(new long[0], 0);
    }

    /**
     * @param session nothing fed yet but perhaps a prompt that all rows share
     * @param prompts by row, one token at least
     * @param ends tokens that end an answer
     */
    GreedyBatch(DecodeSession session, List<long[]> prompts, int maxNewTokens, List<Integer> ends) {
        this.session = session;
        GenerationSettings settings = GenerationSettings.greedy(maxNewTokens, ends.toArray(Integer[]::new))
                .withTopLogprobs(0);
        lines = prompts.stream()
                .map(prompt -> new Line(prompt, new Continuation(prompt, settings, null, GenerationListener.SILENT)))
                .toList();
    }

    /** Goes on until every row has ended. */
    List<Written> write() {
        int shortest = lines.stream().mapToInt(line -> line.prompt.length).min().orElseThrow();
        List<Line> fed = lines;
        float[][] scores =
                session.feed(fed.stream().map(line -> line.take(shortest)).toArray(long[][]::new));
        while (true) {
            List<Line> now = fed;
            float[][] last = scores;
            long[][] next = IntStream.range(0, now.size())
                    .mapToObj(row -> new long[] {now.get(row).next(last[row])})
                    .toArray(long[][]::new);
            int[] going = IntStream.range(0, now.size())
                    .filter(row -> !now.get(row).hasEnded())
                    .toArray();
            if (going.length == 0) {
                return lines.stream().map(Line::written).toList();
            }
            // To leave rows out copies what the others have seen, so it has to be worth it.
            if (2 * going.length <= fed.size()) {
                session.reorder(going);
                fed = Arrays.stream(going).mapToObj(now::get).toList();
                next = Arrays.stream(going).mapToObj(Arrays.asList(next)::get).toArray(long[][]::new);
            }
            scores = session.feed(next);
        }
    }

    /** A row on its way. */
    private static final class Line {
        private final long[] prompt;
        private final Continuation continuation;
        private int taken;
        private long latest;

        Line(long[] prompt, Continuation continuation) {
            this.prompt = prompt;
            this.continuation = continuation;
        }

        long[] take(int count) {
            taken = count;
            return Arrays.copyOf(prompt, count);
        }

        /** What is to be fed; of a row that has ended, its last token once more. */
        long next(float[] scores) {
            if (taken < prompt.length) {
                return prompt[taken++];
            }
            if (!hasEnded()) {
                latest = continuation.advance(scores).id();
            }
            return latest;
        }

        boolean hasEnded() {
            return continuation.isFinished();
        }

        Written written() {
            Generation result = continuation.result();
            int end = result.finishReason() == FinishReason.STOP ? 1 : 0;
            return new Written(
                    Arrays.copyOf(result.tokens(), result.tokens().length - end),
                    result.scores().stream()
                            .mapToDouble(ScoredToken::logprob)
                            .map(Math::exp)
                            .average()
                            .orElse(0));
        }
    }
}
