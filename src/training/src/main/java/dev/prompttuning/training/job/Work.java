package dev.prompttuning.training.job;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.peft.method.FullFineTuning;
import dev.prompttuning.peft.method.SoftPrompt;
import dev.prompttuning.peft.method.TunedWithHead;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.training.metric.Evaluator;
import dev.prompttuning.training.objective.Objective;
import dev.prompttuning.transformers.model.LoadedModel;
import java.util.Map;
import java.util.Optional;

/**
 * A job's model, and what is trained of it on what.
 *
 * @param evaluator empty where there are no rows to evaluate on
 * @param configChanges fields of {@code config.json} that differ where the whole model is written
 */
record Work(
        LoadedModel model,
        Methods.Made method,
        Objective objective,
        Optional<Evaluator> evaluator,
        Map<String, Object> configChanges)
        implements AutoCloseable {

    Tuning tuning() {
        return method.tuning();
    }

    Map<String, NDArray> parameters() {
        return tuning().parameters().tensors();
    }

    boolean isFull() {
        return tuning() instanceof FullFineTuning;
    }

    /** Of the model, its head included, and of what the method puts beside it. */
    long allParameters() {
        Tuning beside = tuning() instanceof TunedWithHead both ? both.method() : tuning();
        return model.parameterCount() + (isFull() ? 0 : beside.parameters().count());
    }

    int numVirtualTokens() {
        return tuning().prompt().map(SoftPrompt::numVirtualTokens).orElse(0);
    }

    @Override
    public void close() {
        model.close();
    }
}
