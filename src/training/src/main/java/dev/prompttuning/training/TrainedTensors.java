package dev.prompttuning.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.prompttuning.training.optimizer.AdamW;
import dev.prompttuning.transformers.engine.Autograd;
import java.util.LinkedHashMap;
import java.util.Map;

/** All tensors of a run that change: parameters, the optimizer's moments, and a copy of the best parameters so far. */
final class TrainedTensors implements AutoCloseable {
    private static final String PARAMETER = "parameter.";
    private static final String BEST = "best.";

    private final Map<String, NDArray> parameters;
    private final AdamW optimizer;
    private final NDManager manager;
    private final Map<String, NDArray> best = new LinkedHashMap<>();

    TrainedTensors(Map<String, NDArray> parameters, AdamW optimizer, NDManager parent) {
        this.parameters = parameters;
        this.optimizer = optimizer;
        this.manager = parent.newSubManager();
    }

    /** Remembers the parameters as they are as the best ones. */
    void keepAsBest() {
        parameters.forEach((name, parameter) -> {
            NDArray kept = best.computeIfAbsent(name, absent -> manager.zeros(parameter.getShape()));
            copy(parameter, kept);
        });
    }

    /** Sets the parameters to the best ones, if any were kept. */
    void restoreBest() {
        best.forEach((name, kept) -> copy(kept, parameters.get(name)));
    }

    /** By the names they have in a checkpoint. */
    Map<String, NDArray> byName() {
        Map<String, NDArray> all = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> all.put(PARAMETER + name, parameter));
        all.putAll(optimizer.state());
        best.forEach((name, kept) -> all.put(BEST + name, kept));
        return all;
    }

    /** Takes over what {@link #byName()} gave when a checkpoint was written. */
    void load(Map<String, NDArray> saved, int steps) {
        boolean hasBest = saved.keySet().stream().anyMatch(name -> name.startsWith(BEST));
        if (hasBest) {
            keepAsBest();
        }
        byName().forEach((name, tensor) -> copy(saved.get(name), tensor));
        optimizer.resumeAt(steps);
    }

    private static void copy(NDArray from, NDArray to) {
        try (Autograd off = Autograd.off()) {
            to.set(new NDIndex("..."), from);
        }
    }

    @Override
    public void close() {
        manager.close();
        optimizer.close();
    }
}
