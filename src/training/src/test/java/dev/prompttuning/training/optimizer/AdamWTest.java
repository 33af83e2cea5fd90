package dev.prompttuning.training.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdamWTest {

    private static final float[][] GRADIENTS = {{0.1f, -0.2f, 0.3f}, {0.4f, 0, -0.1f}, {-0.5f, 0.25f, 1}};

    /** By the formulas of torch.optim.AdamW in double precision: lr 0.1, decay 0.01, betas 0.9 and 0.999, eps 1e-8. */
    private static final float[][] EXPECTED = {
        {0.8990000f, -1.8980000f, 0.3995000f},
        {0.8096634f, -1.8290962f, 0.3590786f},
        {0.8146706f, -1.8448327f, 0.2884860f}
    };

    private static void accumulate(NDArray parameter, float[] gradient) {
        try (Autograd recording = Autograd.recording();
                Scope scope = Scope.open()) {
            NDArray factors = parameter.getManager().create(gradient);
            Autograd.backward(parameter.mul(factors).sum());
        }
    }

    @Test
    void stepsAsTorchDoes() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray parameter = manager.create(new float[] {1, -2, 0.5f});
            parameter.setRequiresGradient(true);
            try (AdamW optimizer = new AdamW(AdamW.Settings.withWeightDecay(0.01), Map.of("p", parameter), manager)) {
                for (int step = 0; step < GRADIENTS.length; step++) {
                    accumulate(parameter, GRADIENTS[step]);
                    optimizer.step(0.1, 1);
                    assertArrayEquals(EXPECTED[step], parameter.toFloatArray(), 1e-6f);
                }
                assertEquals(3, optimizer.steps());
            }
        }
    }

    @Test
    void gradientsAddUpUntilTheStepAndAreClippedTogether() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray first = manager.create(new float[] {0, 0});
            NDArray second = manager.create(new float[] {0});
            first.setRequiresGradient(true);
            second.setRequiresGradient(true);
            accumulate(first, new float[] {1, 1});
            accumulate(first, new float[] {2, -1});
            accumulate(second, new float[] {4});
            double norm = GradientNorm.of(List.of(first, second));
            assertEquals(5, norm, 1e-6);
            assertEquals(1 / (5 + 1e-6), GradientNorm.clipping(norm, 1), 1e-12);
            assertEquals(1, GradientNorm.clipping(norm, 10));
            assertEquals(1, GradientNorm.clipping(norm, 0));
            try (AdamW optimizer =
                    new AdamW(AdamW.Settings.withWeightDecay(0), Map.of("first", first, "second", second), manager)) {
                optimizer.step(0.1, 1);
                assertEquals(0, GradientNorm.of(List.of(first, second)));
                assertArrayEquals(new float[] {-0.1f, 0}, first.toFloatArray(), 1e-6f);
            }
        }
    }
}
