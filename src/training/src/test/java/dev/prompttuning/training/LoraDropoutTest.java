package dev.prompttuning.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.peft.causal.Lanes;
import dev.prompttuning.training.batch.LanePlanner;
import dev.prompttuning.training.optimizer.GradientNorm;
import dev.prompttuning.transformers.engine.Autograd;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoraDropoutTest {

    /** The slope along the gradient is the gradient's norm, if both passes of a step drop the same inputs. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void droppedInputsAreTheSameWhenLayersRunAgain(boolean recompute) {
        try (TinyRun run = TinyRun.promptWithLora()) {
            run.recompute = recompute;
            run.train(TinyRun.settings(2));
            Lanes batch = LanePlanner.forHiddenSize(TinyRun.VIRTUAL_TOKENS, 32).plan(run.rows.subList(0, 6));
            Map<String, NDArray> parameters = run.tuning.parameters().tensors();
            CausalTuning causal = new CausalTuning(run.model, run.tuning, recompute);
            parameters.values().forEach(parameter -> parameter.getGradient().subi(parameter.getGradient()));
            seededLoss(run, causal, batch);
            double norm = GradientNorm.of(parameters.values());
            Map<String, NDArray> gradients = new HashMap<>();
            parameters.forEach((name, parameter) ->
                    gradients.put(name, parameter.getGradient().duplicate()));
            double step = 2e-3 / norm;
            move(parameters, gradients, step);
            double above = seededLoss(run, causal, batch);
            move(parameters, gradients, -2 * step);
            double below = seededLoss(run, causal, batch);
            assertEquals(norm, (above - below) / (2 * step) / norm, 0.02 * norm);
        }
    }

    private static double seededLoss(TinyRun run, CausalTuning causal, Lanes batch) {
        run.manager.getEngine().setRandomSeed(7);
        return causal.train(batch, 1).sum();
    }

    private static void move(Map<String, NDArray> parameters, Map<String, NDArray> direction, double distance) {
        try (Autograd off = Autograd.off()) {
            parameters.forEach(
                    (name, parameter) -> parameter.addi(direction.get(name).mul(distance)));
        }
    }
}
