package dev.prompttuning.training.optimizer;

/**
 * What the loss is multiplied by before its gradient is computed, so that gradients in half precision neither vanish nor overflow
 * (Micikevicius et al. 2018, "Mixed Precision Training"): halved whenever a gradient is not finite, doubled after many steps in a
 * row whose gradients were. Always a power of two, so that it rounds nothing.
 */
public final class LossScale {

    /** Half precision products scale gradients by 1024 themselves; this is beside that. */
    private static final double INITIAL = 256;

    private static final double SMALLEST = 0x1p-10;
    private static final double LARGEST = 0x1p24;
    private static final int GOOD_STEPS_TO_GROW = 200;

    private final boolean dynamic;
    private State state;

    /**
     * @param factor what the loss is multiplied by
     * @param goodSteps steps in a row with finite gradients at this factor
     */
    public record State(double factor, int goodSteps) {}

    private LossScale(boolean dynamic, State state) {
        this.dynamic = dynamic;
        this.state = state;
    }

    /** Nothing is scaled: gradients are single precision. */
    public static LossScale none() {
        return new LossScale(false, new State(1, 0));
    }

    /** Begins as a new run does. */
    public static LossScale dynamic() {
        return new LossScale(true, new State(INITIAL, 0));
    }

    /** Goes on where a run was. */
    public void resumeAt(State saved) {
        state = saved;
    }

    public State state() {
        return state;
    }

    public double factor() {
        return state.factor();
    }

    /** After gradients that are not finite. @return whether a smaller factor may help */
    public boolean shrink() {
        if (!dynamic || state.factor() <= SMALLEST) {
            return false;
        }
        state = new State(state.factor() / 2, 0);
        return true;
    }

    /** After a step with finite gradients. */
    public void succeeded() {
        if (!dynamic) {
            return;
        }
        int good = state.goodSteps() + 1;
        boolean grows = good == GOOD_STEPS_TO_GROW && state.factor() < LARGEST;
        state = grows
                ? new State(state.factor() * 2, 0)
                : new State(state.factor(), Math.min(good, GOOD_STEPS_TO_GROW));
    }
}
