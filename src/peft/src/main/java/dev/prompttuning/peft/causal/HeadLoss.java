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
import java.util.List;

/**
 * The language model head and cross entropy, of labelled tokens only and a few at a time: scores of a large vocabulary never
 * exist for all tokens at once.
 */
final class HeadLoss {

    /** Scores that exist at once, in elements: 64 MiB of single precision. */
    private static final long SCORES = 1L << 24;

    private final CausalLM model;
    private final long[] rows;
    private final long[] targets;

    /** @param skipped tokens in front of each lane's own, which have no labels */
    HeadLoss(CausalLM model, Lanes batch, int skipped) {
        this.model = model;
        List<Long> labelledRows = new ArrayList<>();
        List<Long> labels = new ArrayList<>();
        int length = skipped + batch.layout().length();
        for (int lane = 0; lane < batch.targets().length; lane++) {
            for (int index = 0; index < batch.targets()[lane].length; index++) {
                if (batch.targets()[lane][index] != Lanes.IGNORED) {
                    labelledRows.add((long) lane * length + skipped + index);
                    labels.add(batch.targets()[lane][index]);
                }
            }
        }
        rows = labelledRows.stream().mapToLong(Long::longValue).toArray();
        targets = labels.stream().mapToLong(Long::longValue).toArray();
    }

    /** The loss of hidden states {@code [lanes, length, hidden]}. */
    Loss evaluate(NDArray hidden) {
        try (Scope scope = Scope.open()) {
            NDArray labelled = labelled(hidden);
            Loss loss = new Loss(0, 0, 0);
            for (int from = 0; from < targets.length; from += chunk()) {
                loss = loss.plus(chunk(labelled, from).loss());
            }
            return loss;
        }
    }

    /** The loss, after {@code scale} times its gradient has gone back from {@code hidden}. */
    Loss train(NDArray hidden, double scale) {
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
        return (int) Math.max(16, SCORES / model.config().vocabSize());
    }

    private Chunk chunk(NDArray labelled, int from) {
        int to = Math.min(targets.length, from + chunk());
        NDArray scores = model.logits(labelled.get(new NDIndex(from + ":" + to)));
        NDArray wanted =
                NativeArrays.of(labelled.getManager(), LongBuffer.wrap(targets, from, to - from), new Shape(to - from));
        NDArray sum =
                scores.logSoftmax(-1).gather(wanted.expandDims(1), 1).sum().neg();
        NDArray correct = scores.argMax(-1).eq(wanted).sum();
        return new Chunk(sum, new Loss(sum.getFloat(), to - from, correct.getLong()));
    }

    private record Chunk(NDArray sum, Loss loss) {}
}
