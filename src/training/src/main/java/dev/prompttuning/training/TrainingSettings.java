package dev.prompttuning.training;

import dev.prompttuning.api.tuning.EvaluationMetric;
import dev.prompttuning.api.tuning.Scheduler;
import dev.prompttuning.training.metric.EvaluationResult;
import java.util.OptionalInt;

/** How to train. The four parts stand alone, so that each can be changed without naming the others. */
public record TrainingSettings(
        Batches batches, Optimization optimization, Evaluation evaluation, Checkpoints checkpoints, long seed) {

    /**
     * Which rows are trained on, and how many at a time.
     *
     * @param epochs passes over the data; may have a fraction; not used where {@code maxSteps} is given
     * @param maxSteps optimizer steps in all
     * @param batchSize rows of a forward pass
     * @param gradientAccumulationSteps forward passes of an optimizer step
     * @param shuffle whether rows are shuffled for each epoch and grouped by length; otherwise they are taken as they come
     */
    public record Batches(
            double epochs, OptionalInt maxSteps, int batchSize, int gradientAccumulationSteps, boolean shuffle) {
        public Batches {
            require(maxSteps.isPresent() || epochs > 0, "epochs", epochs, "above 0");
            require(maxSteps.orElse(1) > 0, "maxSteps", maxSteps.orElse(1), "1 or more");
            require(batchSize > 0, "batchSize", batchSize, "1 or more");
            require(gradientAccumulationSteps > 0, "gradientAccumulationSteps", gradientAccumulationSteps, "1 or more");
        }

        /** Optimizer steps in all. */
        public int totalSteps(int stepsPerEpoch) {
            return maxSteps.orElseGet(() -> (int) Math.max(1, Math.ceil(epochs * stepsPerEpoch)));
        }
    }

    /**
     * How parameters change.
     *
     * @param warmup steps in which the learning rate rises, or, below 1, the share of all steps
     * @param maxGradNorm gradients are scaled down to this norm; 0 for never
     */
    public record Optimization(
            double learningRate, Scheduler scheduler, double warmup, double weightDecay, double maxGradNorm) {
        public Optimization {
            require(learningRate > 0 && Double.isFinite(learningRate), "learningRate", learningRate, "above 0");
            require(warmup >= 0, "warmup", warmup, "0 or more");
            require(weightDecay >= 0, "weightDecay", weightDecay, "0 or more");
            require(maxGradNorm >= 0, "maxGradNorm", maxGradNorm, "0 or more");
        }

        public int warmupSteps(int totalSteps) {
            return (int) (warmup < 1 ? Math.ceil(warmup * totalSteps) : warmup);
        }
    }

    /**
     * When to evaluate and what to make of it.
     *
     * @param steps between evaluations; empty for one at the end of each epoch; there is one at the end in any case
     * @param metric by which evaluations are compared
     * @param loadBest whether the result is the best evaluated state rather than the last
     * @param patience evaluations without gain after which training stops; empty for never
     * @param minDelta what an evaluation must be better by to count as gain
     */
    public record Evaluation(
            OptionalInt steps, EvaluationMetric metric, boolean loadBest, OptionalInt patience, double minDelta) {

        public static final Evaluation PLAIN =
                new Evaluation(OptionalInt.empty(), EvaluationMetric.LOSS, false, OptionalInt.empty(), 0);

        public Evaluation {
            require(steps.orElse(1) > 0, "evaluation.steps", steps.orElse(1), "1 or more");
            require(patience.orElse(1) > 0, "evaluation.earlyStopping", patience.orElse(1), "1 or more");
        }

        /** The metric of an evaluation, turned so that larger is better. */
        double goodness(EvaluationResult result) {
            Double value = result.metrics().get(metric.key());
            if (value == null) {
                throw new UserMistakeException(
                        "training.evaluation.metric is %s, which this task does not have; it has %s."
                                .formatted(
                                        metric.label(),
                                        String.join(", ", result.metrics().keySet())));
            }
            return metric.higherIsBetter() ? value : -value;
        }
    }

    /**
     * @param steps between checkpoints; 0 for one at the end only
     * @param keep how many of the newest stay
     */
    public record Checkpoints(int steps, int keep) {
        public static final Checkpoints AT_END = new Checkpoints(0, 1);

        public Checkpoints {
            require(steps >= 0, "checkpoint.steps", steps, "0 or more");
            require(keep > 0, "checkpoint.keep", keep, "1 or more");
        }
    }

    /** The same, with rows taken as they come instead of shuffled. */
    public TrainingSettings inOrder() {
        Batches ordered = new Batches(
                batches.epochs, batches.maxSteps, batches.batchSize, batches.gradientAccumulationSteps, false);
        return new TrainingSettings(ordered, optimization, evaluation, checkpoints, seed);
    }

    private static void require(boolean right, String field, Number value, String allowed) {
        if (!right) {
            throw new UserMistakeException("training." + field + " is " + value + "; it must be " + allowed + ".");
        }
    }
}
