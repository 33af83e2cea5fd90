package dev.prompttuning.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.api.tuning.EvaluationMetric;
import dev.prompttuning.api.tuning.Scheduler;
import dev.prompttuning.training.TrainingResult.Outcome;
import dev.prompttuning.training.checkpoint.CheckpointStore;
import dev.prompttuning.training.progress.ProcessFigures;
import dev.prompttuning.training.progress.TrainingEvent;
import dev.prompttuning.training.progress.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainerTest {
    private static final TrainingListener NOBODY = event -> {};

    @TempDir
    Path folder;

    private static TrainingSettings with(TrainingSettings settings, TrainingSettings.Evaluation evaluation) {
        return new TrainingSettings(
                settings.batches(), settings.optimization(), evaluation, settings.checkpoints(), settings.seed());
    }

    private static TrainingSettings with(TrainingSettings settings, TrainingSettings.Optimization optimization) {
        return new TrainingSettings(
                settings.batches(), optimization, settings.evaluation(), settings.checkpoints(), settings.seed());
    }

    @Test
    void learnsAndTellsAboutIt() {
        List<TrainingEvent> events = new ArrayList<>();
        try (TinyRun run = TinyRun.promptTuning()) {
            TrainingResult result =
                    run.train(TinyRun.settings(30), Optional.of(run.rows), Optional.empty(), events::add);
            assertEquals(Outcome.COMPLETED, result.outcome());
            assertEquals(30, result.losses().size());
            assertTrue(result.losses().get(29) < 0.92 * result.losses().get(0), result.losses()::toString);
            // CPU time is counted in hundredths of a second, and so small a step may take less.
            assertTrue(result.medianStepSeconds() > 0 && result.medianStepCpuSeconds() >= 0);
            assertTrue(result.peakResidentBytes() > 50_000_000);
            double loss = result.metrics().get("loss");
            assertEquals(Math.exp(loss), result.metrics().get("perplexity"), 1e-9);
        }
        TrainingEvent.Started started = (TrainingEvent.Started) events.get(0);
        assertEquals("trainable params: 128 || all params: 43,360 || trainable%: 0.2952", started.parameterLine());
        TrainingEvent.Stepped first = (TrainingEvent.Stepped) events.get(1);
        assertEquals(0, first.learningRate());
        assertEquals(0.2, first.epoch(), 1e-9);
        assertTrue(events.get(events.size() - 1) instanceof TrainingEvent.Ended);
    }

    @Test
    void sameSeedSameBits() {
        List<TrainingResult> results = new ArrayList<>();
        List<float[]> parameters = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            try (TinyRun run = TinyRun.lstmWithDropout()) {
                results.add(run.train(TinyRun.settings(5)));
                parameters.add(run.parameter());
            }
        }
        assertEquals(results.get(0).losses(), results.get(1).losses());
        assertArrayEquals(parameters.get(0), parameters.get(1));
    }

    @Test
    void recomputingLayersChangesNothingButMemory() {
        List<Double> plain;
        try (TinyRun run = TinyRun.promptTuning()) {
            plain = run.train(TinyRun.settings(6)).losses();
        }
        try (TinyRun run = TinyRun.promptTuning()) {
            run.recompute = true;
            List<Double> recomputed = run.train(TinyRun.settings(6)).losses();
            for (int step = 0; step < 6; step++) {
                assertEquals(plain.get(step), recomputed.get(step), 1e-5);
            }
        }
    }

    static List<Supplier<TinyRun>> methods() {
        return List.of(TinyRun::promptTuning, TinyRun::lstmWithDropout, TinyRun::promptWithLora);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void anInterruptedRunGoesOnToTheSameBits(Supplier<TinyRun> method) {
        TrainingSettings settings = TinyRun.settings(8);
        float[] expected;
        List<Double> losses;
        try (TinyRun run = method.get()) {
            losses = run.train(settings).losses();
            expected = run.parameter();
        }
        CheckpointStore store = new CheckpointStore(folder, 2);
        try (TinyRun run = method.get()) {
            TrainingListener stopAtThree = event -> {
                if (event instanceof TrainingEvent.Stepped step && step.step() == 3) {
                    run.stop.request();
                }
            };
            TrainingResult result = run.train(settings, Optional.empty(), Optional.of(store), stopAtThree);
            assertEquals(Outcome.INTERRUPTED, result.outcome());
            assertEquals(3, result.steps());
        }
        try (TinyRun run = method.get()) {
            TrainingResult result = run.train(settings, Optional.empty(), Optional.of(store), NOBODY);
            assertEquals(losses, result.losses());
            assertArrayEquals(expected, run.parameter());
        }
        try (TinyRun run = method.get()) {
            TrainingResult again = run.train(settings, Optional.empty(), Optional.of(store), event -> {
                assertFalse(event instanceof TrainingEvent.Stepped, "a finished run takes no step");
            });
            assertEquals(losses, again.losses());
            assertArrayEquals(expected, run.parameter());
        }
    }

    @Test
    void aLossThatIsNotANumberStopsAndKeepsTheLastCheckpoint() throws Exception {
        CheckpointStore store = new CheckpointStore(folder, 1);
        TrainingSettings settings = TinyRun.settings(9);
        try (TinyRun run = TinyRun.promptTuning()) {
            TrainingListener poison = event -> {
                if (event instanceof TrainingEvent.Checkpointed checkpoint && checkpoint.step() == 4) {
                    run.tuning.parameters().tensors().values().forEach(parameter -> parameter.muli(Float.NaN));
                }
            };
            String message = assertThrows(
                            DivergedException.class,
                            () -> run.train(settings, Optional.empty(), Optional.of(store), poison))
                    .getMessage();
            assertTrue(message.contains("the loss of step 5 is not a number"), message);
        }
        try (TinyRun run = TinyRun.promptTuning()) {
            TrainingResult result = run.train(settings, Optional.empty(), Optional.of(store), NOBODY);
            assertEquals(9, result.losses().size());
        }
    }

    @Test
    void stopsEarlyAndLoadsTheBest() {
        // A rate this high soon makes matters worse.
        TrainingSettings settings = with(
                with(TinyRun.settings(200), new TrainingSettings.Optimization(0.5, Scheduler.CONSTANT, 10, 0, 1)),
                new TrainingSettings.Evaluation(OptionalInt.of(2), EvaluationMetric.LOSS, true, OptionalInt.of(3), 0));
        CheckpointStore store = new CheckpointStore(folder, 1);
        List<TrainingEvent.Evaluated> evaluations = new ArrayList<>();
        TrainingResult result;
        float[] best;
        try (TinyRun run = TinyRun.promptTuning()) {
            result = run.train(settings, Optional.of(run.rows), Optional.of(store), event -> {
                if (event instanceof TrainingEvent.Evaluated evaluated) {
                    evaluations.add(evaluated);
                }
            });
            best = run.parameter();
        }
        assertEquals(Outcome.STOPPED_EARLY, result.outcome());
        assertTrue(result.steps() < 200);
        assertEquals(result.steps() - 6, result.bestStep());
        TrainingEvent.Evaluated bestEvaluation = evaluations.get(evaluations.size() - 4);
        assertTrue(bestEvaluation.best());
        assertEquals(bestEvaluation.result().metrics(), result.metrics());
        assertTrue(result.metrics().containsKey("exactMatch"));
        try (TinyRun run = TinyRun.promptTuning()) {
            TrainingResult again = run.train(settings, Optional.of(run.rows), Optional.of(store), NOBODY);
            assertEquals(result.metrics(), again.metrics());
            assertArrayEquals(best, run.parameter());
        }
    }

    @Test
    void accumulationEqualsOneLargeBatch() {
        TrainingSettings small = TinyRun.settings(4);
        TrainingSettings large = new TrainingSettings(
                new TrainingSettings.Batches(0, OptionalInt.of(4), 8, 1, false),
                small.optimization(),
                small.evaluation(),
                small.checkpoints(),
                small.seed());
        TrainingSettings accumulated = new TrainingSettings(
                new TrainingSettings.Batches(0, OptionalInt.of(4), 2, 4, false),
                small.optimization(),
                small.evaluation(),
                small.checkpoints(),
                small.seed());
        try (TinyRun one = TinyRun.promptTuning();
                TinyRun other = TinyRun.promptTuning()) {
            List<Double> losses = one.train(large).losses();
            List<Double> others = other.train(accumulated).losses();
            for (int step = 0; step < 4; step++) {
                assertEquals(losses.get(step), others.get(step), 1e-4);
            }
        }
    }

    @Test
    void memoryDoesNotGrow() {
        TrainingSettings twoBatches = TinyRun.settings(1000);
        TrainingSettings settings = new TrainingSettings(
                new TrainingSettings.Batches(0, OptionalInt.of(1000), 2, 1, true),
                twoBatches.optimization(),
                twoBatches.evaluation(),
                twoBatches.checkpoints(),
                twoBatches.seed());
        try (TinyRun run = TinyRun.promptTuning()) {
            long[] residentAt = new long[1001];
            int[] ownedAt = new int[1001];
            run.train(settings, Optional.empty(), Optional.empty(), event -> {
                if (event instanceof TrainingEvent.Stepped step && step.step() % 100 == 0) {
                    residentAt[step.step()] = ProcessFigures.residentBytes();
                    ownedAt[step.step()] = run.manager.getManagedArrays().size()
                            + run.model.manager().getManagedArrays().size();
                }
            });
            assertEquals(ownedAt[100], ownedAt[1000], "arrays that nobody closes");
            long growth = residentAt[1000] - residentAt[300];
            assertTrue(growth < 60_000_000, "resident memory grew by " + growth + " bytes in 700 steps");
        }
    }
}
