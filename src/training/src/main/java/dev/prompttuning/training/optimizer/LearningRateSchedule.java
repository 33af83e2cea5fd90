package dev.prompttuning.training.optimizer;

import dev.prompttuning.api.tuning.Scheduler;

/**
 * The learning rate of each step, as transformers' schedules have it: with a warm-up the first step's is zero.
 *
 * @param peak the rate at the end of the warm-up
 * @param warmupSteps steps in which the rate rises
 * @param totalSteps all steps, warm-up included
 */
public record LearningRateSchedule(Scheduler type, double peak, int warmupSteps, int totalSteps) {

    /** @param step from 0 */
    public double at(int step) {
        if (step < warmupSteps) {
            return peak * step / Math.max(1, warmupSteps);
        }
        double left = Math.max(1, totalSteps - warmupSteps);
        return switch (type) {
            case CONSTANT -> peak;
            case LINEAR -> peak * Math.max(0, (totalSteps - step) / left);
            case COSINE -> peak * Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (step - warmupSteps) / left)));
        };
    }
}
