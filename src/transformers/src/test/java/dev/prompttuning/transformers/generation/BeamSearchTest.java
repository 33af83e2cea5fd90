package dev.prompttuning.transformers.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BeamSearchTest {

    private static final int STOP = 3;

    private record Path(List<Long> tokens, double logProbability) {
        double score(double lengthPenalty) {
            return logProbability / Math.pow(tokens.size(), lengthPenalty);
        }
    }

    private static double[][] randomTable(long seed) {
        Random random = new Random(seed);
        double[][] table = new double[4][4];
        for (double[] row : table) {
            double sum = 0;
            for (int i = 0; i < 4; i++) {
                row[i] = 0.05 + random.nextDouble();
                sum += row[i];
            }
            for (int i = 0; i < 4; i++) {
                row[i] /= sum;
            }
        }
        return table;
    }

    private static void enumerate(double[][] table, int last, Path path, int limit, List<Path> out) {
        for (int token = 0; token < 4; token++) {
            List<Long> tokens = new ArrayList<>(path.tokens());
            tokens.add((long) token);
            Path longer = new Path(tokens, path.logProbability() + Math.log(table[last][token]));
            if (token == STOP || tokens.size() == limit) {
                out.add(longer);
            } else {
                enumerate(table, token, longer, limit, out);
            }
        }
    }

    /** With as many beams as there are paths nothing is cut, so the search must find the best of all. */
    @ParameterizedTest
    @EnumSource(names = {"HEURISTIC", "NEVER"})
    void wideBeamsFindTheBestOfAllPaths(EarlyStopping early) {
        for (long seed = 0; seed < 30; seed++) {
            for (double lengthPenalty : new double[] {0, 0.6, 1, 2}) {
                double[][] table = randomTable(seed);
                List<Path> paths = new ArrayList<>();
                enumerate(table, 0, new Path(List.of(), 0), 4, paths);
                double penalty = lengthPenalty;
                Path best = paths.stream()
                        .max(Comparator.comparingDouble(path -> path.score(penalty)))
                        .orElseThrow();
                Generation found = search(table, 64, 4, lengthPenalty, early).get(0);
                assertArrayEquals(
                        best.tokens().stream().mapToLong(Long::longValue).toArray(), found.tokens());
                assertEquals(best.score(lengthPenalty), found.score(), 1e-5);
            }
        }
    }

    private static List<Generation> search(
            double[][] table, int numBeams, int limit, double lengthPenalty, EarlyStopping early) {
        GenerationSettings settings =
                GenerationSettings.greedy(limit, STOP).withBeams(new Beams(numBeams, lengthPenalty, early));
        return new BeamSearch(new MarkovSession(table), settings).search(new long[] {0}, () -> false);
    }

    /** The likeliest first token (1) leads to a flat row; two beams see that 2 then 3 is likelier. */
    private static final double[][] TRAP = {
        {0.01, 0.5, 0.4, 0.09}, {0.25, 0.25, 0.25, 0.25}, {0.02, 0.04, 0.04, 0.9}, {0.25, 0.25, 0.25, 0.25}
    };

    @Test
    void twoBeamsEscapeTheGreedyTrap() {
        Generation found = search(TRAP, 2, 3, 1, EarlyStopping.HEURISTIC).get(0);
        assertArrayEquals(new long[] {2, 3}, found.tokens());
        assertEquals(Math.log(0.4 * 0.9) / 2, found.score(), 1e-6);
        assertEquals(FinishReason.STOP, found.finishReason());
    }

    /** A stop token ranked below the first numBeams candidates does not finish: 3 is third after the prompt. */
    @Test
    void onlyTheFirstCandidatesMayFinish() {
        assertTrue(search(TRAP, 2, 3, 0, EarlyStopping.NEVER).stream().noneMatch(found -> found.tokens().length == 1));
    }

    /**
     * Two beams: step 1 keeps 1 (0.5) and 2 (0.4). In step 2, 2-3 (0.36) finishes and of the equal 1-0, 1-1, 1-2, 1-3
     * (0.125 each) the first two go on. Step 3 is the limit, where 1-0-1 (0.0625) is best.
     */
    @Test
    void returnsFinishedSequencesBestFirst() {
        List<Generation> found = search(TRAP, 2, 3, 1, EarlyStopping.NEVER);
        assertEquals(2, found.size());
        assertArrayEquals(new long[] {2, 3}, found.get(0).tokens());
        assertArrayEquals(new long[] {1, 0, 1}, found.get(1).tokens());
        assertEquals(Math.log(0.0625) / 3, found.get(1).score(), 1e-6);
        assertEquals(FinishReason.LENGTH, found.get(1).finishReason());
    }

    @Test
    void firstFullStopsAtOnce() {
        double[][] table = {
            {0.01, 0.01, 0.58, 0.4}, {0.25, 0.25, 0.25, 0.25}, {0.01, 0.01, 0.08, 0.9}, {0.25, 0.25, 0.25, 0.25}
        };
        MarkovSession session = new MarkovSession(table);
        GenerationSettings settings =
                GenerationSettings.greedy(50, STOP).withBeams(new Beams(2, 1, EarlyStopping.FIRST_FULL));
        List<Generation> found = new BeamSearch(session, settings).search(new long[] {0}, () -> false);
        assertEquals(2, session.feeds());
        assertArrayEquals(new long[] {2, 3}, found.get(0).tokens());
        assertArrayEquals(new long[] {3}, found.get(1).tokens());
    }

    @Test
    void theGeneratorReturnsTheBestBeam() {
        GenerationSettings settings = GenerationSettings.greedy(3, STOP).withBeams(Beams.of(2));
        Generation best = Generator.generate(new MarkovSession(TRAP), new long[] {0}, settings);
        assertArrayEquals(new long[] {2, 3}, best.tokens());
    }

    @Test
    void cancellingEndsTheSearch() {
        GenerationSettings settings = GenerationSettings.greedy(3, STOP).withBeams(Beams.of(2));
        assertEquals(List.of(), new BeamSearch(new MarkovSession(TRAP), settings).search(new long[] {0}, () -> true));
    }
}
