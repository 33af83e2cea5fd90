package dev.prompttuning.peft.causal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.NativeArrays;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.LanguageHead;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The language model head and cross entropy, of labelled tokens only and a few at a time: scores of a large vocabulary never
 * exist for all tokens at once.
 */
public final class HeadLoss {

    /** Scores that exist at once, in elements: 64 MiB of single precision. */
    private static final long SCORES = 1L << 24;

    private final LanguageHead head;
    private final int vocabSize;
    private final long[] rows;
    private final long[] targets;
    private final List<String> owners = new ArrayList<>();
    private final int[] labelledLanes;
    private final int lanes;

    HeadLoss(CausalLM model, Lanes batch, int skipped) {
        this(model, model.config().vocabSize(), batch, skipped);
    }

    /**
     * @param skipped tokens in front of each lane's own, which have no labels
     */
    public HeadLoss(LanguageHead head, int vocabSize, Lanes batch, int skipped) {
        this.head = head;
        this.vocabSize = vocabSize;
        List<Long> labelledRows = new ArrayList<>();
        List<Long> labels = new ArrayList<>();
        List<Integer> ofLanes = new ArrayList<>();
        lanes = batch.targets().length;
        int length = skipped + batch.layout().length();
        for (int lane = 0; lane < batch.targets().length; lane++) {
            for (int index = 0; index < batch.targets()[lane].length; index++) {
                if (batch.targets()[lane][index] != Lanes.IGNORED) {
                    labelledRows.add((long) lane * length + skipped + index);
                    labels.add(batch.targets()[lane][index]);
                    ofLanes.add(lane);
                    owners.add(lane + "." + batch.layout().segments()[lane][index]);
                }
            }
        }
        rows = labelledRows.stream().mapToLong(Long::longValue).toArray();
        targets = labels.stream().mapToLong(Long::longValue).toArray();
        labelledLanes = ofLanes.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The sum of the labelled tokens' log-probabilities in each lane, from hidden states {@code [lanes, length, hidden]}. */
    public double[] logLikelihoods(NDArray hidden) {
        double[] sums = new double[lanes];
        try (Scope scope = Scope.open()) {
            NDArray labelled = labelled(hidden);
            for (int from = 0; from < targets.length; from += chunk()) {
                try (Scope chunkScope = Scope.open()) {
                    float[] logs =
                            logs(head.logits(labelled.get(between(from))), from).toFloatArray();
                    for (int i = 0; i < logs.length; i++) {
                        sums[labelledLanes[from + i]] += logs[i];
                    }
                }
            }
        }
        return sums;
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
                    loss = loss.plus(head.hasPackedHead() ? besideHead(leaf, from, scale) : train(leaf, from, scale));
                }
            }
            Autograd.backward(labelled, leaf.getGradient());
            return loss;
        }
    }

    private Loss train(NDArray leaf, int from, double scale) {
        Chunk chunk = chunk(leaf, from);
        Autograd.backward(NativeArrays.scaled(chunk.sum(), scale));
        return chunk.loss();
    }

    /** As {@link #train(NDArray, int, double)}, recording the loss alone. */
    private Loss besideHead(NDArray leaf, int from, double scale) {
        NDArray hidden = leaf.get(between(from));
        NDArray scores;
        try (Autograd off = Autograd.off()) {
            scores = Autograd.leaf(head.logits(hidden));
        }
        Chunk chunk = chunkOf(scores, from);
        Autograd.backward(NativeArrays.scaled(chunk.sum(), scale));
        Autograd.backward(hidden, head.logitsGradient(scores.getGradient()));
        return chunk.loss();
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
        return chunkOf(head.logits(labelled.get(between(from))), from);
    }

    private NDIndex between(int from) {
        return new NDIndex(from + ":" + Math.min(targets.length, from + chunk()));
    }

    private Chunk chunkOf(NDArray scores, int from) {
        NDArray wanted = wanted(scores, from);
        NDArray sum = logs(scores, from).sum().neg();
        boolean[] hits = scores.argMax(-1).eq(wanted).toBooleanArray();
        int correct = 0;
        for (boolean hit : hits) {
            correct += hit ? 1 : 0;
        }
        return new Chunk(sum, new Loss(sum.getFloat(), hits.length, correct), hits);
    }

    /** Log-probabilities of the targets from {@code from} on, {@code [targets, 1]}. */
    private NDArray logs(NDArray scores, int from) {
        return scores.logSoftmax(-1).gather(wanted(scores, from).expandDims(1), 1);
    }

    private NDArray wanted(NDArray scores, int from) {
        int count = Math.min(targets.length, from + chunk()) - from;
        return NativeArrays.of(scores.getManager(), LongBuffer.wrap(targets, from, count), new Shape(count));
    }

    private record Chunk(NDArray sum, Loss loss, boolean[] hits) {}
}
