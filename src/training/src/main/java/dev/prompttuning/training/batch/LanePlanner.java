package dev.prompttuning.training.batch;

import dev.prompttuning.peft.causal.Lanes;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.transformers.model.TokenLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Lays a batch's rows in lanes. One lane holds all rows one after another and wastes nothing on padding, but its attention matrix
 * covers pairs of tokens that do not see each other; one lane a row is the usual padded batch. Between them lie packs of several
 * rows. The plan with the least estimated work wins, from sizes alone, so that the same batch always gets the same plan.
 *
 * <p>A row's last token is not fed: there is nothing behind it to predict.
 *
 * @param numVirtualTokens where rows' positions start
 * @param pairsPerToken attention scores that cost as much as one token's way through the linear maps of a layer
 */
public record LanePlanner(int numVirtualTokens, double pairsPerToken) {

    /**
     * A planner for a model of the usual proportions: a layer's linear maps are 24 h² operations a token, a pair's share of the
     * attention 4 h.
     */
    public static LanePlanner forHiddenSize(int numVirtualTokens, int hiddenSize) {
        return new LanePlanner(numVirtualTokens, 6.0 * hiddenSize);
    }

    /** A plan for each task of a batch. */
    public List<Lanes> plans(List<EncodedRow> rows) {
        Map<Integer, List<EncodedRow>> byTask =
                rows.stream().collect(Collectors.groupingBy(EncodedRow::task, TreeMap::new, Collectors.toList()));
        return byTask.entrySet().stream()
                .map(task -> plan(task.getValue()).ofTask(task.getKey()))
                .toList();
    }

    /** A plan for rows of one task. */
    public Lanes plan(List<EncodedRow> rows) {
        Packing best = pack(rows, 1);
        for (int lanes = 2; lanes <= rows.size(); lanes++) {
            Packing packing = pack(rows, lanes);
            if (cost(packing) < cost(best)) {
                best = packing;
            }
        }
        return lay(best);
    }

    /** One lane for each row, in their order. */
    public Lanes padded(List<EncodedRow> rows) {
        return lay(new Packing(rows.stream().map(List::of).toList()));
    }

    /** Rows by lane. */
    private record Packing(List<List<EncodedRow>> lanes) {
        int length() {
            return lanes.stream().mapToInt(Packing::fed).max().orElseThrow();
        }

        static int fed(List<EncodedRow> lane) {
            return lane.stream().mapToInt(row -> row.length() - 1).sum();
        }
    }

    /** Longest row first, each into the emptiest lane. */
    private static Packing pack(List<EncodedRow> rows, int lanes) {
        List<EncodedRow> longestFirst = new ArrayList<>(rows);
        longestFirst.sort(Comparator.comparingInt(EncodedRow::length).reversed());
        List<List<EncodedRow>> packed = new ArrayList<>();
        int[] fed = new int[lanes];
        for (int lane = 0; lane < lanes; lane++) {
            packed.add(new ArrayList<>());
        }
        for (EncodedRow row : longestFirst) {
            int emptiest = 0;
            for (int lane = 1; lane < lanes; lane++) {
                emptiest = fed[lane] < fed[emptiest] ? lane : emptiest;
            }
            packed.get(emptiest).add(row);
            fed[emptiest] += row.length() - 1;
        }
        return new Packing(packed);
    }

    private double cost(Packing packing) {
        double tokens = (double) packing.lanes().size() * packing.length();
        return tokens + tokens * (numVirtualTokens + packing.length()) / pairsPerToken;
    }

    private Lanes lay(Packing packing) {
        int lanes = packing.lanes().size();
        int length = packing.length();
        long[][] tokenIds = new long[lanes][length];
        int[][] positions = new int[lanes][length];
        int[][] segments = new int[lanes][length];
        long[][] targets = new long[lanes][length];
        for (int lane = 0; lane < lanes; lane++) {
            Arrays.fill(segments[lane], TokenLayout.PADDING);
            Arrays.fill(targets[lane], Lanes.IGNORED);
            Arrays.fill(positions[lane], numVirtualTokens);
            int at = 0;
            int segment = 0;
            for (EncodedRow row : packing.lanes().get(lane)) {
                segment++;
                for (int i = 0; i < row.length() - 1; i++, at++) {
                    tokenIds[lane][at] = row.tokenIds()[i];
                    positions[lane][at] = numVirtualTokens + i;
                    segments[lane][at] = segment;
                }
                label(targets[lane], at - row.length() + 1, row);
            }
        }
        return new Lanes(tokenIds, new TokenLayout(positions, segments), targets);
    }

    /** Puts each learned token where it is predicted, one before its own place. */
    private static void label(long[] targets, int rowStart, EncodedRow row) {
        for (EncodedRow.Span span : row.learned()) {
            for (int token = Math.max(1, span.start()); token < span.end(); token++) {
                targets[rowStart + token - 1] = row.tokenIds()[token];
            }
        }
    }
}
