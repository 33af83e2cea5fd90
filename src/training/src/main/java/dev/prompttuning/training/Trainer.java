package dev.prompttuning.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.training.TrainingResult.Outcome;
import dev.prompttuning.training.batch.StepBatches;
import dev.prompttuning.training.checkpoint.CheckpointStore;
import dev.prompttuning.training.checkpoint.CheckpointStore.Checkpoint;
import dev.prompttuning.training.checkpoint.TrainingState;
import dev.prompttuning.training.metric.EvaluationResult;
import dev.prompttuning.training.metric.Evaluator;
import dev.prompttuning.training.objective.Objective;
import dev.prompttuning.training.optimizer.AdamW;
import dev.prompttuning.training.optimizer.LearningRateSchedule;
import dev.prompttuning.training.optimizer.LossScale;
import dev.prompttuning.training.progress.ProcessFigures;
import dev.prompttuning.training.progress.StepTimes;
import dev.prompttuning.training.progress.TrainingEvent;
import dev.prompttuning.training.progress.TrainingListener;
import dev.prompttuning.transformers.engine.PyTorch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The loop. One training at a time may run on a thread; the result is in the parameters that were given.
 *
 * <p>Everything a step does follows from the settings, the data, the step's number and the tensors of {@link TrainedTensors}: a
 * run that goes on from a checkpoint ends with the same bits as one that was never stopped.
 */
public final class Trainer {

    private final Setup setup;
    private final TrainingSettings settings;
    private final StepBatches batches;
    private final int[] rowLengths;
    private final LearningRateSchedule schedule;
    private final int totalSteps;
    private final StepTimes times = new StepTimes();
    private RunState state;
    private Optional<EvaluationResult> lastEvaluation = Optional.empty();

    /**
     * What is trained, on what, and who is told.
     *
     * @param objective the rows, and the loss of the model on them
     * @param parameters what is trained, by name: leaves that collect gradients
     * @param manager parent of the manager that owns the optimizer's state; its engine's random numbers are seeded anew each step
     * @param allParameters number of elements of the model and of the parameters beside it
     * @param fingerprint of what decides the outcome besides the settings: base model, method, data
     * @param evaluator empty where nothing is to be evaluated
     * @param checkpoints empty for none
     */
    public record Setup(
            Objective objective,
            Map<String, NDArray> parameters,
            NDManager manager,
            long allParameters,
            String fingerprint,
            Optional<Evaluator> evaluator,
            Optional<CheckpointStore> checkpoints,
            TrainingListener listener,
            StopRequest stop) {}

    public Trainer(TrainingSettings settings, Setup setup) {
        this.settings = settings;
        this.setup = setup;
        TrainingSettings.Batches rows = settings.batches();
        rowLengths = setup.objective().rowLengths();
        batches = new StepBatches(
                rowLengths, rows.batchSize(), rows.gradientAccumulationSteps(), rows.shuffle(), settings.seed());
        totalSteps = rows.totalSteps(batches.stepsPerEpoch());
        TrainingSettings.Optimization optimization = settings.optimization();
        schedule = new LearningRateSchedule(
                optimization.scheduler(),
                optimization.learningRate(),
                optimization.warmupSteps(totalSteps),
                totalSteps);
    }

    /**
     * Trains to the end, or until it is asked to stop, from the last checkpoint if there is one.
     *
     * @throws DivergedException when the loss or the gradient is not finite
     */
    public TrainingResult train() {
        AdamW.Settings adamW =
                AdamW.Settings.withWeightDecay(settings.optimization().weightDecay());
        AdamW optimizer = new AdamW(adamW, setup.parameters(), setup.manager());
        try (TrainedTensors tensors = new TrainedTensors(setup.parameters(), optimizer, setup.manager())) {
            resume(tensors);
            long trainable = setup.parameters().values().stream()
                    .mapToLong(NDArray::size)
                    .sum();
            tell(new TrainingEvent.Started(
                    trainable, setup.allParameters(), state.step(), totalSteps, PyTorch.threads()));
            OptimizerStep step = new OptimizerStep(setup, settings, schedule, optimizer, state.lossScale());
            Outcome outcome = loop(tensors, step);
            return finish(tensors, outcome);
        }
    }

    private void resume(TrainedTensors tensors) {
        String fingerprint = Fingerprint.of(settings, setup.fingerprint(), setup.parameters());
        LossScale scale = setup.objective().hasHalfGradients() ? LossScale.dynamic() : LossScale.none();
        state = new RunState(TrainingState.start(fingerprint), scale);
        if (setup.checkpoints().isEmpty()) {
            return;
        }
        try {
            Optional<Checkpoint> newest = setup.checkpoints().get().newest(fingerprint);
            if (newest.isPresent()) {
                state = new RunState(newest.get().state(), scale);
                try (NDManager saved = setup.manager().newSubManager()) {
                    tensors.load(newest.get().tensors(saved), state.step());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The checkpoints cannot be read: " + e.getMessage(), e);
        }
    }

    private Outcome loop(TrainedTensors tensors, OptimizerStep optimizer) {
        while (state.step() < totalSteps && !state.stoppedEarly()) {
            if (setup.stop().isRequested()) {
                save(tensors);
                return Outcome.INTERRUPTED;
            }
            step(optimizer);
            boolean last = state.step() == totalSteps;
            if (last || isTime(settings.evaluation().steps().orElse(batches.stepsPerEpoch()))) {
                evaluate(tensors);
            }
            if (!last && isTime(settings.checkpoints().steps())) {
                save(tensors);
            }
        }
        return state.stoppedEarly() ? Outcome.STOPPED_EARLY : Outcome.COMPLETED;
    }

    private boolean isTime(int every) {
        return every > 0 && state.step() % every == 0;
    }

    private void step(OptimizerStep optimizer) {
        long wall = System.nanoTime();
        double cpu = ProcessFigures.cpuSeconds();
        List<int[]> rows = batches.step(state.step());
        OptimizerStep.Taken taken = optimizer.take(rows, state.step());
        long tokens = rows.stream()
                .flatMapToInt(Arrays::stream)
                .mapToLong(row -> rowLengths[row])
                .sum();
        stepped(
                taken.loss(),
                taken.gradientNorm(),
                tokens,
                (System.nanoTime() - wall) / 1e9,
                ProcessFigures.cpuSeconds() - cpu);
    }

    private void stepped(Loss loss, double norm, long tokens, double seconds, double cpuSeconds) {
        double rate = schedule.at(state.step());
        state.stepped(loss.mean(), tokens);
        lastEvaluation = Optional.empty();
        times.add(seconds, cpuSeconds, tokens);
        tell(new TrainingEvent.Stepped(
                state.step(),
                totalSteps,
                (double) state.step() / batches.stepsPerEpoch(),
                loss.mean(),
                rate,
                norm,
                tokens,
                seconds,
                cpuSeconds));
    }

    private void evaluate(TrainedTensors tensors) {
        if (setup.evaluator().isEmpty()) {
            return;
        }
        EvaluationResult result = setup.evaluator().get().evaluate();
        lastEvaluation = Optional.of(result);
        boolean best = state.evaluated(result, settings.evaluation());
        if (best && settings.evaluation().loadBest()) {
            tensors.keepAsBest();
        }
        tell(new TrainingEvent.Evaluated(state.step(), result, best));
    }

    private TrainingResult finish(TrainedTensors tensors, Outcome outcome) {
        int resultStep = state.step();
        Map<String, Double> metrics = Map.of();
        if (outcome != Outcome.INTERRUPTED) {
            save(tensors);
            if (settings.evaluation().loadBest() && state.best().isPresent()) {
                tensors.restoreBest();
                resultStep = state.best().get().step();
            }
            metrics = metrics(resultStep);
        }
        tell(new TrainingEvent.Ended(state.step(), reason(outcome)));
        return new TrainingResult(
                outcome,
                state.step(),
                state.losses(),
                times.medianSeconds(),
                times.medianCpuSeconds(),
                times.tokensPerSecond(),
                ProcessFigures.peakResidentBytes(),
                metrics,
                resultStep,
                state.evaluations());
    }

    /** Of the parameters as they are now, which are those after {@code resultStep}. */
    private Map<String, Double> metrics(int resultStep) {
        if (lastEvaluation.isPresent() && resultStep == state.step()) {
            return lastEvaluation.get().metrics();
        }
        return setup.evaluator()
                .map(evaluator -> evaluator.evaluate().metrics())
                .orElse(Map.of());
    }

    private String reason(Outcome outcome) {
        return switch (outcome) {
            case COMPLETED -> "all steps done";
            case STOPPED_EARLY ->
                "no gain in " + settings.evaluation().patience().orElseThrow() + " evaluations";
            case INTERRUPTED -> "asked to stop; a restart goes on from here";
        };
    }

    private void save(TrainedTensors tensors) {
        setup.checkpoints().ifPresent(store -> {
            try {
                tell(new TrainingEvent.Checkpointed(state.step(), store.save(state.snapshot(), tensors.byName())));
            } catch (IOException e) {
                throw new UncheckedIOException("The checkpoint cannot be written: " + e.getMessage(), e);
            }
        });
    }

    private void tell(TrainingEvent event) {
        setup.listener().on(event);
    }
}
