package dev.prompttuning.training.metric.score;

import java.util.List;
import java.util.stream.IntStream;

/** Runs of words. */
final class Ngrams {

    private Ngrams() {}

    /** All runs of {@code n} words, in their order. */
    static List<List<String>> of(List<String> words, int n) {
        return IntStream.rangeClosed(0, words.size() - n)
                .mapToObj(start -> words.subList(start, start + n))
                .toList();
    }
}
