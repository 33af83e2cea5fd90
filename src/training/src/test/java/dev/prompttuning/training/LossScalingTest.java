package dev.prompttuning.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.training.checkpoint.CheckpointStore;
import dev.prompttuning.training.objective.Objective;
import dev.prompttuning.training.optimizer.LossScale;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.DeviceChoice;
import dev.prompttuning.transformers.engine.PyTorch;
import dev.prompttuning.transformers.engine.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gradients that overflow where the loss is scaled by more than they bear. */
class LossScalingTest {

    @TempDir
    Path folder;

    private NDManager manager;

    @BeforeEach
    void start() {
        PyTorch.start(1, DeviceChoice.CPU);
        manager = NDManager.newBaseManager("PyTorch");
    }

    @AfterEach
    void stop() {
        manager.close();
    }

    /** The squares of a parameter and random numbers, whose gradient is infinite where {@code scale} is above {@code limit}. */
    private record Squares(NDArray parameter, double limit, boolean hasHalfGradients) implements Objective {
        @Override
        public int[] rowLengths() {
            return new int[] {1, 1, 1, 1};
        }

        @Override
        public List<Pass> passes(int[] rows) {
            return List.of(new Squared(this));
        }
    }

    private record Squared(Squares squares) implements Objective.Pass {
        @Override
        public int labels() {
            return 1;
        }

        @Override
        public Loss train(double scale) {
            try (Autograd recording = Autograd.recording();
                    Scope scope = Scope.open()) {
                NDArray parameter = squares.parameter();
                NDArray target = parameter.getManager().randomNormal(parameter.getShape());
                NDArray sum = parameter.sub(target).square().sum();
                float gradient = scale > squares.limit() ? Float.POSITIVE_INFINITY : (float) scale;
                Autograd.backward(sum, parameter.getManager().create(gradient));
                return new Loss(sum.getFloat(), 1, 0);
            }
        }
    }

    private record Run(float[] parameter, TrainingResult result) {}

    private Run run(int steps, double limit, boolean scaled, StopRequest stop, Optional<CheckpointStore> checkpoints) {
        NDArray parameter = manager.ones(new Shape(3));
        parameter.setRequiresGradient(true);
        Trainer.Setup setup = new Trainer.Setup(
                new Squares(parameter, limit, scaled),
                Map.of("w", parameter),
                manager,
                3,
                "squares",
                Optional.empty(),
                checkpoints,
                event -> {},
                stop);
        TrainingResult result = new Trainer(TinyRun.settings(steps), setup).train();
        return new Run(parameter.toFloatArray(), result);
    }

    private Run run(double limit, boolean scaled) {
        return run(12, limit, scaled, new StopRequest(), Optional.empty());
    }

    @Test
    void aScaledLossHasTheSameResult() {
        Run plain = run(Double.MAX_VALUE, false);
        Run scaled = run(Double.MAX_VALUE, true);
        assertArrayEquals(plain.parameter(), scaled.parameter(), 1e-6f);
        assertEquals(plain.result().losses().get(0), scaled.result().losses().get(0));
    }

    @Test
    void aStepThatOverflowsIsTakenAgainAtASmallerScale() {
        Run never = run(Double.MAX_VALUE, true);
        Run atFirst = run(3, true);
        assertArrayEquals(never.parameter(), atFirst.parameter());
        assertEquals(never.result().losses(), atFirst.result().losses());
        assertEquals(12, atFirst.result().steps());
    }

    @Test
    void gradientsThatNoScaleHelpsDiverge() {
        String message =
                assertThrows(DivergedException.class, () -> run(0, true)).getMessage();
        assertTrue(message.startsWith("Training diverged: the gradient of step 1 is infinite"), message);
        assertThrows(DivergedException.class, () -> run(0.5, false));
    }

    @Test
    void aRestartGoesOnAtTheSameScale() throws Exception {
        CheckpointStore store = new CheckpointStore(folder, 2);
        StopRequest stop = new StopRequest();
        stop.request();
        // Asked to stop from the start, a run saves what it has and ends.
        run(12, 3, true, stop, Optional.of(store));
        assertTrue(state(0).contains("\"lossScale\":{\"factor\":256.0,\"goodSteps\":0}"), state(0));
        Run whole = run(12, 3, true, new StopRequest(), Optional.of(store));
        assertTrue(state(12).contains("\"lossScale\":{\"factor\":2.0,\"goodSteps\":12}"), state(12));
        assertArrayEquals(run(3, true).parameter(), whole.parameter());
        try (NDManager saved = manager.newSubManager()) {
            LossScale.State resumed =
                    store.newest(fingerprint(store)).orElseThrow().state().lossScale();
            assertEquals(new LossScale.State(2, 12), resumed);
        }
    }

    private String state(int step) throws Exception {
        return Files.readString(folder.resolve(String.format("step-%08d", step)).resolve("state.json"));
    }

    private String fingerprint(CheckpointStore store) throws Exception {
        return state(12).replaceAll("(?s).*\"fingerprint\":\"([^\"]*)\".*", "$1");
    }

    @Test
    void growsAfterManyGoodSteps() {
        LossScale scale = LossScale.dynamic();
        assertTrue(scale.shrink());
        assertEquals(128, scale.factor());
        for (int i = 0; i < 199; i++) {
            scale.succeeded();
        }
        assertEquals(new LossScale.State(128, 199), scale.state());
        scale.succeeded();
        assertEquals(new LossScale.State(256, 0), scale.state());
        LossScale none = LossScale.none();
        none.succeeded();
        assertFalse(none.shrink());
        assertEquals(new LossScale.State(1, 0), none.state());
    }
}
