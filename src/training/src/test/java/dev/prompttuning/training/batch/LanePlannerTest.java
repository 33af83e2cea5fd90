package dev.prompttuning.training.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.prompttuning.peft.causal.Lanes;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.transformers.model.TokenLayout;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanePlannerTest {

    private static EncodedRow row(int answerStart, int... tokens) {
        return new EncodedRow(tokens, answerStart, answerStart, EncodedRow.Cut.NOTHING);
    }

    @Test
    void shortRowsShareALane() {
        Lanes lanes = new LanePlanner(5, 1000).plan(List.of(row(1, 10, 11, 12), row(2, 20, 21, 22, 23)));
        assertArrayEquals(new long[][] {{20, 21, 22, 10, 11}}, lanes.tokenIds());
        assertArrayEquals(new int[][] {{5, 6, 7, 5, 6}}, lanes.layout().positions());
        assertArrayEquals(new int[][] {{1, 1, 1, 2, 2}}, lanes.layout().segments());
        assertArrayEquals(new long[][] {{Lanes.IGNORED, 22, 23, 11, 12}}, lanes.targets());
        assertEquals(4, lanes.labelledTokens());
    }

    @Test
    void longRowsGetLanesOfTheirOwn() {
        Lanes lanes = new LanePlanner(0, 0.5).plan(List.of(row(1, 10, 11, 12), row(1, 20, 21)));
        assertArrayEquals(new long[][] {{10, 11}, {20, 0}}, lanes.tokenIds());
        assertArrayEquals(
                new int[][] {{1, 1}, {1, TokenLayout.PADDING}}, lanes.layout().segments());
        assertArrayEquals(new long[][] {{11, 12}, {21, Lanes.IGNORED}}, lanes.targets());
    }

    @Test
    void aLongRowStandsBesideAPackOfShortOnes() {
        List<EncodedRow> rows =
                List.of(row(1, new int[301]), row(1, new int[101]), row(1, new int[101]), row(1, new int[101]));
        Lanes lanes = new LanePlanner(0, 500).plan(rows);
        assertEquals(2, lanes.layout().lanes());
        assertEquals(300, lanes.layout().length());
    }

    @Test
    void choosesByLength() {
        LanePlanner planner = LanePlanner.forHiddenSize(20, 576);
        assertEquals(1, planner.plan(rows(12, 3)).layout().lanes());
        assertEquals(4, planner.plan(rows(20, 8)).layout().lanes());
        assertEquals(8, planner.plan(rows(440, 8)).layout().lanes());
    }

    /** Rows of {@code shortest} tokens, ten more, ten more, and so on. */
    private static List<EncodedRow> rows(int shortest, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> row(1, new int[shortest + 10 * i]))
                .toList();
    }

    @Test
    void firstTokenOfARowIsNeverATarget() {
        Lanes lanes = new LanePlanner(0, 1000).plan(List.of(row(0, 10, 11, 12), row(0, 20, 21)));
        assertArrayEquals(new long[][] {{11, 12, 21}}, lanes.targets());
    }
}
