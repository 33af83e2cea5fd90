package dev.prompttuning.peft.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.peft.causal.RowLoss;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.NativeArrays;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.head.HeadTask;
import dev.prompttuning.transformers.head.TaskModel;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A head's cross entropy. Every label is a choice: of a text's label, of a token's label, or of a place among a row's places. */
final class ScoreLoss {

    private final TaskModel model;
    private final TaskBatch batch;
    private final int skipped;
    private final SpanRule spans;

    /** @param skipped virtual tokens in front of each row's own */
    ScoreLoss(TaskModel model, TaskBatch batch, int skipped, SpanRule spans) {
        this.model = model;
        this.batch = batch;
        this.skipped = skipped;
        this.spans = spans;
    }

    /** The loss of hidden states {@code [rows, length, hidden]}, after {@code scale} times its gradient has gone back from them. */
    Loss train(NDArray hidden, double scale) {
        try (Scope scope = Scope.open()) {
            Outcome outcome = outcome(hidden);
            Autograd.backward(NativeArrays.scaled(outcome.sum(), scale));
            return outcome.loss();
        }
    }

    /** The loss, and of which rows each choice is right. */
    RowLoss evaluate(NDArray hidden) {
        try (Scope scope = Scope.open()) {
            Outcome outcome = outcome(hidden);
            Set<Integer> rows = new HashSet<>();
            Set<Integer> missed = new HashSet<>();
            for (int i = 0; i < outcome.hits().length; i++) {
                rows.add(outcome.rows().get(i));
                if (!outcome.hits()[i]) {
                    missed.add(outcome.rows().get(i));
                }
            }
            return new RowLoss(outcome.loss(), rows.size(), rows.size() - missed.size());
        }
    }

    /** The scores of the batch's own places, {@code [rows, length, labels]}, or {@code [rows, 1, labels]} of texts. */
    NDArray scores(NDArray hidden) {
        NDArray scores = model.scores(hidden, last());
        if (model.head().task() == HeadTask.SEQ_CLS) {
            return scores.expandDims(1);
        }
        int from = isUnshifted() ? 0 : skipped;
        return scores.get(new NDIndex(":, " + from + ":" + (from + batch.length())));
    }

    private boolean isUnshifted() {
        return model.head().task() == HeadTask.QUESTION_ANS && spans == SpanRule.AS_PEFT;
    }

    private int[] last() {
        return Arrays.stream(batch.lengths())
                .map(length -> skipped + length - 1)
                .toArray();
    }

    private Outcome outcome(NDArray hidden) {
        List<Long> choices = new ArrayList<>();
        List<Long> targets = new ArrayList<>();
        List<Integer> rows = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            long[] labels = batch.labels()[row];
            for (int i = 0; i < labels.length; i++) {
                if (labels[i] != TaskBatch.IGNORED) {
                    choices.add((long) row * labels.length + i);
                    targets.add(labels[i] + offset());
                    rows.add(row);
                }
            }
        }
        NDArray wanted = index(hidden, targets);
        NDArray scores = choices(hidden).get(new NDIndex("{}", index(hidden, choices)));
        NDArray sum =
                scores.logSoftmax(-1).gather(wanted.expandDims(1), 1).sum().neg();
        boolean[] hits = scores.argMax(-1).eq(wanted).toBooleanArray();
        int correct = 0;
        for (boolean hit : hits) {
            correct += hit ? 1 : 0;
        }
        return new Outcome(sum, new Loss(sum.getFloat(), hits.length, correct), hits, rows);
    }

    private long offset() {
        return model.head().task() == HeadTask.QUESTION_ANS && spans == SpanRule.OWN_TOKENS ? skipped : 0;
    }

    private static NDArray index(NDArray beside, List<Long> numbers) {
        long[] plain = numbers.stream().mapToLong(Long::longValue).toArray();
        return NativeArrays.of(beside.getManager(), LongBuffer.wrap(plain), new Shape(plain.length));
    }

    /** {@code [choices, alternatives]}, in the order of the batch's labels. */
    private NDArray choices(NDArray hidden) {
        NDArray scores = model.scores(hidden, last());
        return switch (model.head().task()) {
            case SEQ_CLS -> scores;
            case TOKEN_CLS ->
                scores.get(new NDIndex(":, " + skipped + ":"))
                        .reshape(-1, scores.getShape().get(2));
            case QUESTION_ANS -> {
                NDArray places = scores.transpose(0, 2, 1);
                NDArray offered = spans == SpanRule.AS_PEFT ? places : places.add(ownTokens(hidden));
                yield offered.reshape(-1, scores.getShape().get(1));
            }
        };
    }

    /** What hides the virtual tokens and the padding, {@code [rows, 1, places]}. */
    private NDArray ownTokens(NDArray hidden) {
        int places = skipped + batch.length();
        FloatBuffer mask = FloatBuffer.allocate(batch.rows() * places);
        for (int length : batch.lengths()) {
            for (int place = 0; place < places; place++) {
                mask.put(place >= skipped && place < skipped + length ? 0 : -Float.MAX_VALUE);
            }
        }
        return NativeArrays.of(hidden.getManager(), mask.flip(), new Shape(batch.rows(), 1, places));
    }

    /** @param rows of each choice */
    private record Outcome(NDArray sum, Loss loss, boolean[] hits, List<Integer> rows) {}
}
