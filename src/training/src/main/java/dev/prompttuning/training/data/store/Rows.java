package dev.prompttuning.training.data.store;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.RandomAccess;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/** Lists of rows, which are made in memory of rows that are in memory, and as views of rows that are in a file. */
public final class Rows {

    private Rows() {}

    /** Marks lists whose rows are not to be copied into memory. */
    interface NotInMemory {}

    /** The same rows, unmodifiable. */
    public static <R> List<R> copyOf(List<R> rows) {
        return rows instanceof NotInMemory ? rows : List.copyOf(rows);
    }

    /** Each row changed. */
    public static <R> List<R> map(List<R> rows, UnaryOperator<R> change) {
        if (!(rows instanceof NotInMemory)) {
            return rows.stream().map(change).toList();
        }
        return new View<>(rows.size()) {
            @Override
            public R get(int row) {
                return change.apply(rows.get(row));
            }
        };
    }

    /** Those of the numbers, in their order. */
    public static <R> List<R> select(List<R> rows, int[] numbers) {
        if (!(rows instanceof NotInMemory)) {
            return Arrays.stream(numbers).mapToObj(rows::get).toList();
        }
        return new View<>(numbers.length) {
            @Override
            public R get(int row) {
                return rows.get(numbers[row]);
            }
        };
    }

    /** In the order of their keys; rows of the same key stay in their order. */
    public static <R> List<R> sorted(List<R> rows, ToLongFunction<R> key) {
        long[] keys = rows.stream().mapToLong(key).toArray();
        List<Integer> order = numbers(rows.size());
        order.sort(Comparator.comparingLong(row -> keys[row]));
        return select(rows, order.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Numbers from 0 on as {@link Collections#shuffle} leaves them. */
    public static int[] shuffled(int count, Random random) {
        List<Integer> order = numbers(count);
        Collections.shuffle(order, random);
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The numbers below {@code count} in a list that can be set, of four bytes each. */
    public static List<Integer> numbers(int count) {
        int[] numbers = new int[count];
        Arrays.setAll(numbers, number -> number);
        return new Numbers(numbers);
    }

    private abstract static class View<R> extends AbstractList<R> implements RandomAccess, NotInMemory {
        private final int size;

        View(int size) {
            this.size = size;
        }

        @Override
        public int size() {
            return size;
        }
    }

    private static final class Numbers extends AbstractList<Integer> implements RandomAccess {
        private final int[] numbers;

        Numbers(int[] numbers) {
            this.numbers = numbers;
        }

        @Override
        public Integer get(int place) {
            return numbers[place];
        }

        @Override
        public Integer set(int place, Integer number) {
            int before = numbers[place];
            numbers[place] = number;
            return before;
        }

        @Override
        public int size() {
            return numbers.length;
        }
    }
}
