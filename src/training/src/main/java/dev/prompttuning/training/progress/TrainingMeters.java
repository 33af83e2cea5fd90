package dev.prompttuning.training.progress;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A run as meters, for Prometheus and the like. */
public final class TrainingMeters implements TrainingListener {

    private final MeterRegistry registry;
    private final Timer stepTime;
    private final Counter tokens;
    private final Map<String, Double> evaluation = new ConcurrentHashMap<>();
    private volatile double loss = Double.NaN;
    private volatile double learningRate = Double.NaN;
    private volatile double gradientNorm = Double.NaN;
    private volatile double tokensPerSecond = Double.NaN;
    private volatile int step;
    private volatile int totalSteps;

    public TrainingMeters(MeterRegistry registry) {
        this.registry = registry;
        stepTime = Timer.builder("training.step.time")
                .description("Wall time of an optimizer step")
                .publishPercentileHistogram()
                .register(registry);
        tokens = Counter.builder("training.tokens")
                .description("Tokens fed, padding and virtual tokens left out")
                .register(registry);
        Gauge.builder("training.loss", this, meters -> meters.loss)
                .description("Mean loss of the last step")
                .register(registry);
        Gauge.builder("training.learning.rate", this, meters -> meters.learningRate)
                .description("Learning rate of the last step")
                .register(registry);
        Gauge.builder("training.gradient.norm", this, meters -> meters.gradientNorm)
                .description("Norm of the last step's gradient before clipping")
                .register(registry);
        Gauge.builder("training.tokens.per.second", this, meters -> meters.tokensPerSecond)
                .description("Tokens fed a second in the last step")
                .register(registry);
        Gauge.builder("training.step", this, meters -> meters.step)
                .description("Optimizer steps done")
                .register(registry);
        Gauge.builder("training.steps", this, meters -> meters.totalSteps)
                .description("Optimizer steps in all")
                .register(registry);
        Gauge.builder("training.resident.memory", ProcessFigures::residentBytes)
                .description("Resident memory of the process")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("training.resident.memory.peak", ProcessFigures::peakResidentBytes)
                .description("Largest resident memory of the process so far")
                .baseUnit("bytes")
                .register(registry);
    }

    @Override
    public void on(TrainingEvent event) {
        if (event instanceof TrainingEvent.Started started) {
            step = started.step();
            totalSteps = started.totalSteps();
        } else if (event instanceof TrainingEvent.Stepped stepped) {
            step = stepped.step();
            loss = stepped.loss();
            learningRate = stepped.learningRate();
            gradientNorm = stepped.gradientNorm();
            tokensPerSecond = stepped.tokens() / stepped.seconds();
            tokens.increment(stepped.tokens());
            stepTime.record(Duration.ofNanos((long) (stepped.seconds() * 1e9)));
        } else if (event instanceof TrainingEvent.Evaluated evaluated) {
            evaluated.result().metrics().forEach(this::evaluation);
        }
    }

    private void evaluation(String metric, double value) {
        if (evaluation.put(metric, value) == null) {
            Gauge.builder("training.evaluation", evaluation, values -> values.get(metric))
                    .description("Result of the last evaluation")
                    .tag("metric", metric)
                    .register(registry);
        }
    }
}
