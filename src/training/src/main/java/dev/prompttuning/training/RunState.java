package dev.prompttuning.training;

import dev.prompttuning.training.checkpoint.TrainingState;
import dev.prompttuning.training.checkpoint.TrainingState.Best;
import dev.prompttuning.training.metric.EvaluationResult;
import dev.prompttuning.training.optimizer.LossScale;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the run is. */
final class RunState {

    private final String fingerprint;
    private final LossScale lossScale;
    private final List<Double> losses;
    private long tokens;
    private Optional<Best> bestEvaluation;
    private int evaluationsWithoutGain;
    private boolean stoppedEarly;
    private final List<StepMetrics> evaluations;

    /** @param lossScale is set to where it was */
    RunState(TrainingState from, LossScale lossScale) {
        this.lossScale = lossScale;
        if (from.lossScale() != null) {
            lossScale.resumeAt(from.lossScale());
        }
        fingerprint = from.fingerprint();
        losses = new ArrayList<>(from.losses());
        tokens = from.tokens();
        bestEvaluation = from.best();
        evaluationsWithoutGain = from.evaluationsWithoutGain();
        stoppedEarly = from.stoppedEarly();
        evaluations = new ArrayList<>(from.evaluations());
    }

    TrainingState snapshot() {
        return new TrainingState(
                fingerprint,
                step(),
                losses,
                tokens,
                bestEvaluation,
                evaluationsWithoutGain,
                stoppedEarly,
                evaluations,
                lossScale.state());
    }

    /** Steps done. */
    int step() {
        return losses.size();
    }

    LossScale lossScale() {
        return lossScale;
    }

    List<Double> losses() {
        return losses;
    }

    Optional<Best> best() {
        return bestEvaluation;
    }

    boolean stoppedEarly() {
        return stoppedEarly;
    }

    void stepped(double loss, long stepTokens) {
        losses.add(loss);
        tokens += stepTokens;
    }

    List<StepMetrics> evaluations() {
        return evaluations;
    }

    /** @return whether this is the best evaluation so far */
    boolean evaluated(EvaluationResult result, TrainingSettings.Evaluation settings) {
        evaluations.add(new StepMetrics(step(), result.metrics()));
        double goodness = settings.goodness(result);
        boolean best =
                bestEvaluation.isEmpty() || goodness > bestEvaluation.get().metric();
        boolean gain =
                bestEvaluation.isEmpty() || goodness > bestEvaluation.get().metric() + settings.minDelta();
        if (best) {
            bestEvaluation = Optional.of(new Best(step(), goodness));
        }
        evaluationsWithoutGain = gain ? 0 : evaluationsWithoutGain + 1;
        stoppedEarly = evaluationsWithoutGain >= settings.patience().orElse(Integer.MAX_VALUE);
        return best;
    }
}
