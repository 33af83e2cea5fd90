package dev.prompttuning.quickstart.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Byte pair encoding (Sennrich et al. 2016): the most frequent pair of neighbours within words becomes a token, again and again. Of
 * pairs equally frequent the first in the alphabet goes first, so that the same text always gives the same merges.
 */
final class BytePairTrainer {
    private final Map<String, Word> words = new LinkedHashMap<>();

    /** Counts the words of a text. */
    BytePairTrainer add(String text) {
        ByteLevel.words(text).forEach(word -> words.computeIfAbsent(word, Word::new).count++);
        return this;
    }

    /** At most so many merges, the best first; fewer when no pair is left that occurs twice. */
    List<Pair> merges(int limit) {
        List<Word> learning = words.values().stream().map(Word::copy).toList();
        List<Pair> merges = new ArrayList<>();
        Optional<Pair> best = mostFrequent(learning);
        while (merges.size() < limit && best.isPresent()) {
            Pair pair = best.get();
            merges.add(pair);
            learning.forEach(word -> word.merge(pair));
            best = mostFrequent(learning);
        }
        return merges;
    }

    private static Optional<Pair> mostFrequent(List<Word> words) {
        Map<Pair, Integer> counts = new HashMap<>();
        for (Word word : words) {
            word.pairs().forEach(pair -> counts.merge(pair, word.count, Integer::sum));
        }
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .max(Map.Entry.<Pair, Integer>comparingByValue()
                        .thenComparing(Map.Entry::getKey, Comparator.reverseOrder()))
                .map(Map.Entry::getKey);
    }

    /** Two tokens that become one. */
    record Pair(String left, String right) implements Comparable<Pair> {
        private static final Comparator<Pair> ALPHABETICAL =
                Comparator.comparing(Pair::left).thenComparing(Pair::right);

        String merged() {
            return left + right;
        }

        @Override
        public int compareTo(Pair other) {
            return ALPHABETICAL.compare(this, other);
        }
    }

    private static final class Word {
        private final String text;
        private List<String> tokens;
        private int count;

        Word(String text) {
            this.text = text;
            this.tokens = text.chars().mapToObj(Character::toString).toList();
        }

        Word copy() {
            Word copy = new Word(text);
            copy.count = count;
            return copy;
        }

        Stream<Pair> pairs() {
            return Stream.iterate(0, i -> i + 1 < tokens.size(), i -> i + 1)
                    .map(i -> new Pair(tokens.get(i), tokens.get(i + 1)));
        }

        void merge(Pair pair) {
            List<String> merged = new ArrayList<>();
            for (int i = 0; i < tokens.size(); i++) {
                boolean both = i + 1 < tokens.size()
                        && tokens.get(i).equals(pair.left())
                        && tokens.get(i + 1).equals(pair.right());
                merged.add(both ? pair.merged() : tokens.get(i));
                i += both ? 1 : 0;
            }
            tokens = merged;
        }
    }
}
