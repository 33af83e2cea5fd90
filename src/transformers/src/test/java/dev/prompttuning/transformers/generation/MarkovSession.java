package dev.prompttuning.transformers.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A model whose next token depends on the last one only: row i of the table holds the logits after token i. */
final class MarkovSession implements DecodeSession {

    private final float[][] table;
    private List<List<Long>> rows = new ArrayList<>(List.of(new ArrayList<>()));
    private int feeds;

    /** @param probabilities {@code [vocab][vocab]}, rows summing to 1; 0 forbids */
    MarkovSession(double[][] probabilities) {
        table = new float[probabilities.length][];
        for (int i = 0; i < table.length; i++) {
            table[i] = new float[probabilities[i].length];
            for (int j = 0; j < table[i].length; j++) {
                table[i][j] = (float) Math.log(probabilities[i][j]);
            }
        }
    }

    @Override
    public int vocabSize() {
        return table.length;
    }

    @Override
    public float[][] feed(long[][] newTokens) {
        feeds++;
        if (newTokens.length != rows.size()) {
            throw new IllegalArgumentException(newTokens.length + " rows fed, " + rows.size() + " are open");
        }
        float[][] logits = new float[rows.size()][];
        for (int i = 0; i < logits.length; i++) {
            Arrays.stream(newTokens[i]).forEach(rows.get(i)::add);
            logits[i] = table[(int) newTokens[i][newTokens[i].length - 1]].clone();
        }
        return logits;
    }

    @Override
    public void reorder(int[] sourceRows) {
        List<List<Long>> next = new ArrayList<>();
        Arrays.stream(sourceRows).forEach(row -> next.add(new ArrayList<>(rows.get(row))));
        rows = next;
    }

    @Override
    public int length() {
        return rows.get(0).size();
    }

    int feeds() {
        return feeds;
    }

    /** What each row was fed, in order. */
    List<List<Long>> rows() {
        return rows;
    }

    @Override
    public void close() {}
}
