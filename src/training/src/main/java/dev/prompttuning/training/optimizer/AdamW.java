package dev.prompttuning.training.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * AdamW (Loshchilov and Hutter 2019) with torch's arithmetic: decay apart from the gradient, moments corrected for their bias,
 * epsilon added to the corrected root. Parameters and both moments are single precision and are changed in place, so that
 * whoever holds them sees the new values.
 */
public final class AdamW implements AutoCloseable {

    private final Settings settings;
    private final Map<String, NDArray> parameters;
    private final Map<String, NDArray> firstMoments = new LinkedHashMap<>();
    private final Map<String, NDArray> secondMoments = new LinkedHashMap<>();
    private final NDManager manager;
    private int steps;

    /** @param weightDecay share of each parameter that a step of learning rate one takes away */
    public record Settings(double beta1, double beta2, double epsilon, double weightDecay) {

        public static Settings withWeightDecay(double weightDecay) {
            return new Settings(0.9, 0.999, 1e-8, weightDecay);
        }
    }

    /**
     * @param parameters leaves that collect gradients
     * @param parent of the manager that owns the moments
     */
    public AdamW(Settings settings, Map<String, NDArray> parameters, NDManager parent) {
        this.settings = settings;
        this.parameters = parameters;
        this.manager = parent.newSubManager();
        parameters.forEach((name, parameter) -> {
            firstMoments.put(name, zeros(parameter));
            secondMoments.put(name, zeros(parameter));
        });
    }

    private NDArray zeros(NDArray like) {
        NDArray zeros = manager.zeros(like.getShape());
        NDScope.unregister(zeros);
        return zeros;
    }

    /** Steps taken so far. */
    public int steps() {
        return steps;
    }

    /** Both moments by parameter name behind {@code exp_avg.} and {@code exp_avg_sq.}, torch's names for them. */
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        firstMoments.forEach((name, moment) -> state.put("exp_avg." + name, moment));
        secondMoments.forEach((name, moment) -> state.put("exp_avg_sq." + name, moment));
        return state;
    }

    /** Goes on from the moments in {@link #state()}, which the caller has filled, after so many steps. */
    public void resumeAt(int stepsTaken) {
        steps = stepsTaken;
    }

    /**
     * Takes one step along the parameters' gradients and sets them to zero.
     *
     * @param gradientScale what every gradient is multiplied by first
     */
    public void step(double learningRate, double gradientScale) {
        steps++;
        try (Autograd off = Autograd.off()) {
            parameters.forEach((name, parameter) -> {
                try (Scope scope = Scope.open()) {
                    NDArray gradient = parameter.getGradient();
                    update(
                            parameter,
                            gradient.mul(gradientScale),
                            firstMoments.get(name),
                            secondMoments.get(name),
                            learningRate);
                    // Adding zero makes negative zeros positive, so that a restarted run starts from the same bits.
                    gradient.muli(0).addi(0);
                }
            });
        }
    }

    private void update(NDArray parameter, NDArray gradient, NDArray first, NDArray second, double learningRate) {
        parameter.muli(1 - learningRate * settings.weightDecay);
        first.addi(gradient.sub(first).mul(1 - settings.beta1));
        second.muli(settings.beta2).addi(gradient.mul(gradient).mul(1 - settings.beta2));
        double firstCorrection = 1 - Math.pow(settings.beta1, steps);
        double secondCorrection = 1 - Math.pow(settings.beta2, steps);
        NDArray root = second.sqrt().div(Math.sqrt(secondCorrection)).add(settings.epsilon);
        parameter.subi(first.div(root).mul(learningRate / firstCorrection));
    }

    @Override
    public void close() {
        manager.close();
    }
}
