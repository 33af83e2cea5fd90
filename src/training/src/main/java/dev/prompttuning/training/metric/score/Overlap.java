package dev.prompttuning.training.metric.score;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What two collections have in common, each element as often as it is in both.
 *
 * @param common elements in both
 * @param gold elements that should be there
 * @param predicted elements that are
 */
record Overlap(long common, long gold, long predicted) {

    static final Overlap NOTHING = new Overlap(0, 0, 0);

    static <T> Overlap of(Collection<T> gold, Collection<T> predicted) {
        Map<T, Integer> left = new HashMap<>();
        gold.forEach(element -> left.merge(element, 1, Integer::sum));
        long common = 0;
        for (T element : predicted) {
            if (left.merge(element, -1, Integer::sum) >= 0) {
                common++;
            }
        }
        return new Overlap(common, gold.size(), predicted.size());
    }

    Overlap plus(Overlap other) {
        return new Overlap(common + other.common, gold + other.gold, predicted + other.predicted);
    }

    double precision() {
        return predicted == 0 ? 0 : (double) common / predicted;
    }

    double recall() {
        return gold == 0 ? 0 : (double) common / gold;
    }

    /** Harmonic mean of precision and recall; 0 where nothing is in common. */
    double f1() {
        return common == 0 ? 0 : 2.0 * common / (gold + predicted);
    }
}
