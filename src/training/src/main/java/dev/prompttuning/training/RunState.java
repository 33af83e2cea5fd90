package dev.prompttuning.training;

import dev.prompttuning.training.checkpoint.TrainingState;
import dev.prompttuning.training.checkpoint.TrainingState.Best;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the run is. */
final class RunState {

    private final String fingerprint;
    private final List<Double> losses;
    private long tokens;
    private Optional<Best> best;
    private int evaluationsWithoutGain;
    private boolean stoppedEarly;

    RunState(TrainingState from) {
        fingerprint = from.fingerprint();
        losses = new ArrayList<>(from.losses());
        tokens = from.tokens();
        best = from.best();
        evaluationsWithoutGain = from.evaluationsWithoutGain();
        stoppedEarly = from.stoppedEarly();
    }

    TrainingState snapshot() {
        return new TrainingState(fingerprint, step(), losses, tokens, best, evaluationsWithoutGain, stoppedEarly);
    }

    /** Steps done. */
    int step() {
        return losses.size();
    }

    List<Double> losses() {
        return losses;
    }

    Optional<Best> best() {
        return best;
    }

    boolean stoppedEarly() {
        return stoppedEarly;
    }

    void stepped(double loss, long stepTokens) {
        losses.add(loss);
        tokens += stepTokens;
    }

    /**
     * @param patience evaluations without gain after which the run is over; 0 for never
     * @return whether this is the best evaluation so far
     */
    boolean evaluated(double goodness, int patience) {
        boolean better = best.isEmpty() || goodness > best.get().metric();
        if (better) {
            best = Optional.of(new Best(step(), goodness));
        }
        evaluationsWithoutGain = better ? 0 : evaluationsWithoutGain + 1;
        stoppedEarly = patience > 0 && evaluationsWithoutGain >= patience;
        return better;
    }
}
