package dev.prompttuning.peft.causal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.NativeArrays;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.model.CausalLM;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The language model head and cross entropy, of labelled tokens only and a few at a time: scores of a large vocabulary never
 * exist for all tokens at once.
 */
public final class HeadLoss {

    /** Scores that exist at once, in elements: 64 MiB of single precision. */
    private static final long SCORES = 1L << 24;

    private final UnaryOperator<NDArray> head;
    private final int vocabSize;
    private final long[] rows;
    private final long[] targets;
    private final List<String> owners = new ArrayList<>();

    HeadLoss(CausalLM model, Lanes batch, int skipped) {
        this(model::logits, model.config().vocabSize(), batch, skipped);
    }

    /**
     * @param head scores of the next token, {@code [.., hidden] → [.., vocab]}
     * @param skipped tokens in front of each lane's own, which have no labels
     */
    public HeadLoss(UnaryOperator<NDArray> head, int vocabSize, Lanes batch, int skipped) {
        this.head = head;
        this.vocabSize = vocabSize;
        List<Long> labelledRows = new ArrayList<>();
        List<Long> labels = new ArrayList<>();
        int length = skipped + batch.layout().length();
        for (int lane = 0; lane < batch.targets().length; lane++) {
            for (int index = 0; index < batch.targets()[lane].length; index++) {
                if (batch.targets()[lane][index] != Lanes.IGNORED) {
                    labelledRows.add((long) lane * length + skipped + index);
                    labels.add(batch.targets()[lane][index]);
                    owners.add(lane + "." + batch.layout().segments()[lane][index]);
                }
            }
        }
        rows = labelledRows.stream().mapToLong(Long::longValue).toArray();
        targets = labels.stream().mapToLong(Long::longValue).toArray();
    }

    /** The loss of hidden states {@code [lanes, length, hidden]}, and which rows would have been written exactly so. */
    public RowLoss evaluate(NDArray hidden) {
        try (Scope scope = Scope.open()) {
            NDArray labelled = labelled(hidden);
            Loss loss = new Loss(0, 0, 0);
            Set<String> missed = new HashSet<>();
            for (int from = 0; from < targets.length; from += chunk()) {
                Chunk chunk = chunk(labelled, from);
                loss = loss.plus(chunk.loss());
                for (int i = 0; i < chunk.hits().length; i++) {
                    if (!chunk.hits()[i]) {
                        missed.add(owners.get(from + i));
                    }
                }
            }
            int rowCount = new HashSet<>(owners).size();
            return new RowLoss(loss, rowCount, rowCount - missed.size());
        }
    }

    /** The loss, after {@code scale} times its gradient has gone back from {@code hidden}. */
    public Loss train(NDArray hidden, double scale) {
        try (Scope scope = Scope.open()) {
            NDArray labelled = labelled(hidden);
            NDArray leaf = Autograd.leaf(labelled);
            Loss loss = new Loss(0, 0, 0);
            for (int from = 0; from < targets.length; from += chunk()) {
                try (Scope chunkScope = Scope.open()) {
                    Chunk chunk = chunk(leaf, from);
                    Autograd.backward(NativeArrays.scaled(chunk.sum(), scale));
                    loss = loss.plus(chunk.loss());
                }
            }
            Autograd.backward(labelled, leaf.getGradient());
            return loss;
        }
    }

    private NDArray labelled(NDArray hidden) {
        long size = hidden.getShape().get(2);
        return hidden.reshape(-1, size)
                .get(new NDIndex(
                        "{}", NativeArrays.of(hidden.getManager(), LongBuffer.wrap(rows), new Shape(rows.length))));
    }

    private int chunk() {
        return (int) Math.max(16, SCORES / vocabSize);
    }

    private Chunk chunk(NDArray labelled, int from) {
        int to = Math.min(targets.length, from + chunk());
        NDArray scores = head.apply(labelled.get(new NDIndex(from + ":" + to)));
        NDArray wanted =
                NativeArrays.of(labelled.getManager(), LongBuffer.wrap(targets, from, to - from), new Shape(to - from));
        NDArray sum =
                scores.logSoftmax(-1).gather(wanted.expandDims(1), 1).sum().neg();
        boolean[] hits = scores.argMax(-1).eq(wanted).toBooleanArray();
        int correct = 0;
        for (boolean hit : hits) {
            correct += hit ? 1 : 0;
        }
        return new Chunk(sum, new Loss(sum.getFloat(), to - from, correct), hits);
    }

    private record Chunk(NDArray sum, Loss loss, boolean[] hits) {}
}
