package dev.prompttuning.transformers.generation;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Cuts the tail of a distribution by setting scores to negative infinity. */
final class Truncation {

    private Truncation() {}

    /** Keeps the k highest scores and those equal to the last of them. */
    static void topK(float[] scores, int k) {
        if (k >= scores.length) {
            return;
        }
        float threshold = kthHighest(scores, k);
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] < threshold) {
                scores[i] = Float.NEGATIVE_INFINITY;
            }
        }
    }

    /** A heap of the k highest: its root is the answer, and most scores cost one comparison. */
    private static float kthHighest(float[] scores, int k) {
        float[] heap = Arrays.copyOf(scores, k);
        Arrays.sort(heap);
        for (int i = k; i < scores.length; i++) {
            if (scores[i] > heap[0]) {
                heap[0] = scores[i];
                sink(heap);
            }
        }
        return heap[0];
    }

    private static void sink(float[] heap) {
        int parent = 0;
        while (2 * parent + 1 < heap.length) {
            int child = 2 * parent + 1;
            if (child + 1 < heap.length && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[parent] <= heap[child]) {
                return;
            }
            float swapped = heap[parent];
            heap[parent] = heap[child];
            heap[child] = swapped;
            parent = child;
        }
    }

    /** Drops, from the least likely up, what together has at most 1 - topP; the most likely token always stays. */
    static void topP(float[] scores, double topP) {
        double[] probabilities = Softmax.probabilities(scores);
        // All tokens below this together have less than 1 - topP: they go without being sorted.
        double negligible = (1 - topP) / scores.length;
        int[] ascending = IntStream.range(0, scores.length)
                .filter(i -> probabilities[i] >= negligible && probabilities[i] > 0)
                .boxed()
                .sorted((a, b) -> probabilities[a] != probabilities[b]
                        ? Double.compare(probabilities[a], probabilities[b])
                        : Integer.compare(b, a))
                .mapToInt(Integer::intValue)
                .toArray();
        double dropped = 0;
        for (int i = 0; i < scores.length; i++) {
            if (probabilities[i] < negligible) {
                dropped += probabilities[i];
                scores[i] = Float.NEGATIVE_INFINITY;
            }
        }
        for (int i = 0; i < ascending.length - 1; i++) {
            dropped += probabilities[ascending[i]];
            if (dropped > 1 - topP) {
                return;
            }
            scores[ascending[i]] = Float.NEGATIVE_INFINITY;
        }
    }

    static void minP(float[] scores, double minP) {
        double threshold = Softmax.max(scores) + Math.log(minP);
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] < threshold) {
                scores[i] = Float.NEGATIVE_INFINITY;
            }
        }
    }
}
