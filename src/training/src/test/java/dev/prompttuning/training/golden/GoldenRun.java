package dev.prompttuning.training.golden;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.api.tuning.Scheduler;
import dev.prompttuning.peft.causal.Lanes;
import dev.prompttuning.training.optimizer.AdamW;
import dev.prompttuning.training.optimizer.GradientNorm;
import dev.prompttuning.training.optimizer.LearningRateSchedule;

/** A case's training, with the project's own optimizer and schedule. */
record GoldenRun(double[] losses, double[] gradientNorms) {

    static GoldenRun train(GoldenCase golden, GoldenModel model) {
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
        var parameters = model.tuning().parameters().tensors();
        double[] losses = new double[steps];
        double[] norms = new double[steps];
        Lanes batch = model.padded();
        try (AdamW adamW = new AdamW(settings, parameters, model.manager())) {
            for (int step = 0; step < steps; step++) {
                losses[step] = model.causal()
                        .train(batch, 1.0 / batch.labelledTokens())
                        .mean();
                norms[step] = GradientNorm.of(parameters.values());
                double clipping = GradientNorm.clipping(
                        norms[step], optimizer.get("max_grad_norm").asDouble());
                adamW.step(schedule.at(step), clipping);
            }
        }
        return new GoldenRun(losses, norms);
    }
}
