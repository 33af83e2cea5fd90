package dev.prompttuning.transformers.generation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A chosen token.
 *
 * @param logprob its natural log probability under the model, before penalties and temperature; NaN when not asked for
 * @param top the likeliest tokens of that position, best first, as many as asked for
 */
public record ScoredToken(int id, double logprob, List<Alternative> top) {

    /** A token that could have been chosen. */
    public record Alternative(int id, double logprob) {}

    static ScoredToken of(int id, float[] logits, int count) {
        double total = Softmax.logSumExp(logits);
        PriorityQueue<Integer> best = new PriorityQueue<>(
                Comparator.comparingDouble((Integer i) -> logits[i]).thenComparing(Comparator.<Integer>reverseOrder()));
        for (int i = 0; i < logits.length && count > 0; i++) {
            if (best.size() < count || logits[i] > logits[best.peek()]) {
                best.add(i);
            }
            if (best.size() > count) {
                best.poll();
            }
        }
        List<Alternative> top = new ArrayList<>();
        while (!best.isEmpty()) {
            int next = best.poll();
            top.add(0, new Alternative(next, logits[next] - total));
        }
        return new ScoredToken(id, logits[id] - total, List.copyOf(top));
    }
}
