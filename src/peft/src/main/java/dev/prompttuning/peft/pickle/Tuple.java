package dev.prompttuning.peft.pickle;

import java.util.List;

/** A Python tuple, whose items may be null. */
record Tuple(List<Object> items) {

    int size() {
        return items.size();
    }

    /**
     * An item of the type its place calls for.
     *
     * @throws RefusedPickleException when there is no such item or it is of another type
     */
    <T> T item(int index, Class<T> type, String what) {
        if (index >= items.size() || !type.isInstance(items.get(index))) {
            throw RefusedPickleException.malformed(what + " is missing or of the wrong type");
        }
        return type.cast(items.get(index));
    }

    long[] longs(String what) {
        if (items.size() > StridedTensor.MAX_DIMENSIONS) {
            throw RefusedPickleException.malformed(what + " has " + items.size() + " dimensions");
        }
        long[] longs = new long[items.size()];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = item(i, Long.class, what);
        }
        return longs;
    }
}
