package dev.prompttuning.transformers.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * The merges that SentencePiece's scores stand for: of all neighbours that make a token together, it joins those whose token has
 * the highest score. So every cut of a token into two tokens is a merge, in the order of the scores.
 */
final class SentencePieces {
    /** Stands for a space. */
    static final String SPACE = "\u2581";

    private final List<String> tokens;
    private final List<Double> scores;
    private final IntPredicate isPiece;

    /** @param isPiece whether the token of an id is part of texts, and not added to them */
    SentencePieces(Metadata metadata, List<String> tokens, IntPredicate isPiece) {
        this.tokens = tokens;
        this.scores = metadata.numbers("tokenizer.ggml.scores");
        this.isPiece = isPiece;
        if (scores.size() != tokens.size()) {
            throw metadata.invalid("has " + tokens.size() + " tokens, but " + scores.size() + " scores");
        }
    }

    private record Merge(String left, String right, int merged) {}

    ArrayNode merges() {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            if (isPiece.test(id)) {
                ids.put(tokens.get(id), id);
            }
        }
        List<Merge> merges = new ArrayList<>();
        ids.forEach((token, id) -> {
            for (int cut = token.offsetByCodePoints(0, Math.min(1, token.length()));
                    cut < token.length();
                    cut = token.offsetByCodePoints(cut, 1)) {
                String left = token.substring(0, cut);
                String right = token.substring(cut);
                if (ids.containsKey(left) && ids.containsKey(right)) {
                    merges.add(new Merge(left, right, id));
                }
            }
        });
        merges.sort(Comparator.comparingDouble((Merge merge) -> -scores.get(merge.merged()))
                .thenComparingInt(Merge::merged)
                .thenComparingInt(merge -> merge.left().length()));
        ArrayNode pairs = JsonNodeFactory.instance.arrayNode(merges.size());
        merges.forEach(merge -> pairs.addArray().add(merge.left()).add(merge.right()));
        return pairs;
    }
}
