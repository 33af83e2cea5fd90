package dev.prompttuning.training.metric.score;

import java.util.ArrayList;
import java.util.List;

/**
 * Precision, recall and F1 of named entities, over all types and rows together. An entity counts where its type, its first and its
 * last word are right: seqeval's {@code f1_score} in its default mode, which takes IOB1, IOB2, IOE1, IOE2 and IOBES alike.
 */
public record EntityScores(double precision, double recall, double f1) {

    /** Outside of any entity. */
    private static final Tag OUTSIDE = new Tag('O', "_");

    /**
     * Compares tags of words, such as {@code B-PER}, {@code I-PER} and {@code O}.
     *
     * @param gold the right tags of each row
     * @param predicted as many tags for each row
     */
    public static EntityScores of(List<List<String>> gold, List<List<String>> predicted) {
        Overlap all = Overlap.NOTHING;
        for (int row = 0; row < gold.size(); row++) {
            all = all.plus(Overlap.of(entities(gold.get(row)), entities(predicted.get(row))));
        }
        return new EntityScores(all.precision(), all.recall(), all.f1());
    }

    /**
     * An entity of a row.
     *
     * @param first number of its first word
     * @param last number of its last word
     */
    record Entity(String type, int first, int last) {}

    /** The entities that a row's tags tell of, as seqeval's {@code get_entities}. */
    static List<Entity> entities(List<String> tags) {
        List<Entity> found = new ArrayList<>();
        Tag before = OUTSIDE;
        int first = 0;
        for (int word = 0; word <= tags.size(); word++) {
            Tag tag = word < tags.size() ? Tag.of(tags.get(word)) : OUTSIDE;
            if (before.endsBefore(tag)) {
                found.add(new Entity(before.type(), first, word - 1));
            }
            if (tag.startsAfter(before)) {
                first = word;
            }
            before = tag;
        }
        return found;
    }

    /**
     * A tag in its parts.
     *
     * @param place {@code B}, {@code I}, {@code E}, {@code S}, or {@code O} for outside of entities
     * @param type of the entity
     */
    private record Tag(char place, String type) {

        static Tag of(String tag) {
            if (tag.isEmpty()) {
                return OUTSIDE;
            }
            int dash = tag.indexOf('-', 1);
            String type = tag.substring(dash < 0 ? 1 : dash + 1);
            return new Tag(tag.charAt(0), type.isEmpty() ? "_" : type);
        }

        boolean isInside() {
            return place != 'O' && place != '.';
        }

        boolean endsBefore(Tag next) {
            boolean closes = place == 'E' || place == 'S';
            boolean opens = next.place == 'B' || next.place == 'S' || next.place == 'O';
            boolean goesOn = (place == 'B' || place == 'I') && !opens;
            return isInside() && (closes || !type.equals(next.type) || (place == 'B' || place == 'I') && !goesOn);
        }

        boolean startsAfter(Tag before) {
            boolean opens = place == 'B' || place == 'S';
            boolean continues = place == 'I' || place == 'E';
            boolean nothingOpen = before.place == 'E' || before.place == 'S' || before.place == 'O';
            return isInside() && (opens || continues && nothingOpen || !type.equals(before.type));
        }
    }
}
