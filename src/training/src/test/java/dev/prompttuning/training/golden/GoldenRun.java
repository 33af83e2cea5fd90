package dev.prompttuning.training.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.api.tuning.Scheduler;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.peft.method.Parameters;
import dev.prompttuning.training.optimizer.AdamW;
import dev.prompttuning.training.optimizer.GradientNorm;
import dev.prompttuning.training.optimizer.LearningRateSchedule;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/** A case's training, with the project's own optimizer and schedule. */
record GoldenRun(double[] losses, double[] gradientNorms) {

    /** @param step the loss of a batch, whose gradient it adds to the parameters' gradients */
    static GoldenRun train(GoldenCase golden, Parameters tuned, NDManager manager, Supplier<Loss> step) {
        JsonNode optimizer = golden.json().get("optimizer");
        int steps = optimizer.get("steps").asInt();
        LearningRateSchedule schedule = new LearningRateSchedule(
                Scheduler.LINEAR,
                optimizer.get("lr").asDouble(),
                optimizer.get("warmup_steps").asInt(),
                steps);
        AdamW.Settings settings = new AdamW.Settings(
                optimizer.get("betas").get(0).asDouble(),
                optimizer.get("betas").get(1).asDouble(),
                optimizer.get("eps").asDouble(),
                optimizer.get("weight_decay").asDouble());
        Map<String, NDArray> parameters = tuned.tensors();
        double[] losses = new double[steps];
        double[] norms = new double[steps];
        try (AdamW adamW = new AdamW(settings, parameters, manager)) {
            for (int at = 0; at < steps; at++) {
                losses[at] = step.get().mean();
                norms[at] = GradientNorm.of(parameters.values());
                double clipping = GradientNorm.clipping(
                        norms[at], optimizer.get("max_grad_norm").asDouble());
                adamW.step(schedule.at(at), clipping);
            }
        }
        return new GoldenRun(losses, norms);
    }

    /** Compares losses and norms with those that were recorded. */
    void assertAsIn(GoldenCase golden) {
        assertArrayEquals(numbers(golden.json().get("losses")), losses, 1e-3);
        double[] norms = numbers(golden.json().get("grad_norms"));
        for (int step = 0; step < norms.length; step++) {
            assertEquals(norms[step], gradientNorms[step], 2e-3 * norms[step] + 1e-6, "norm of step " + step);
        }
    }

    private static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }
}
