package dev.prompttuning.transformers.chat;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;

/** Python's sequences that are not lists. */
final class Sequence extends AbstractList<Object> {

    enum Kind {
        TUPLE,
        RANGE,
        /** {@code dict.items()}, {@code keys()}, {@code values()}: has a length but no positions. */
        VIEW,
        /** What map, select and the like give: always true, read once, neither length nor positions. */
        GENERATOR
    }

    private final Kind kind;
    private final List<?> items;
    private boolean consumed;

    Sequence(Kind kind, List<?> items) {
        this.kind = kind;
        this.items = items;
    }

    static Sequence tuple(Object... items) {
        return new Sequence(Kind.TUPLE, Arrays.asList(items));
    }

    static Sequence generator(List<?> items) {
        return new Sequence(Kind.GENERATOR, items);
    }

    Kind kind() {
        return kind;
    }

    boolean sized() {
        return kind != Kind.GENERATOR;
    }

    boolean indexed() {
        return kind == Kind.TUPLE || kind == Kind.RANGE;
    }

    List<?> read() {
        if (kind == Kind.GENERATOR && consumed) {
            return List.of();
        }
        consumed = true;
        return items;
    }

    @Override
    public Object get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }
}
