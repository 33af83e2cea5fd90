package dev.prompttuning.training.progress;

import java.util.List;

/** Is told what a run does, on the run's own thread. */
@FunctionalInterface
public interface TrainingListener {

    void on(TrainingEvent event);

    /** Tells several, in their order. */
    static TrainingListener all(List<TrainingListener> listeners) {
        List<TrainingListener> copy = List.copyOf(listeners);
        return event -> copy.forEach(listener -> listener.on(event));
    }
}
