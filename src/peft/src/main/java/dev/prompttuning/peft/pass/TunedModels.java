package dev.prompttuning.peft.pass;

import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.transformers.model.LinearAdapter;
import dev.prompttuning.transformers.model.LoadedModel;
import java.util.function.BiFunction;

/**
 * A base model with a method's additions to its linear maps.
 *
 * @param base without them
 * @param used with them
 * @param trained with them and with their dropout
 */
public record TunedModels<M extends LoadedModel>(M base, M used, M trained) implements AutoCloseable {

    public static <M extends LoadedModel> TunedModels<M> of(
            M base, Tuning tuning, BiFunction<M, LinearAdapter, M> adapt) {
        M used = tuning.lora().map(lora -> adapt.apply(base, lora.adapter())).orElse(base);
        M trained = tuning.lora()
                .filter(lora -> lora.settings().dropout() > 0)
                .map(lora -> adapt.apply(base, lora.trainingAdapter()))
                .orElse(used);
        return new TunedModels<>(base, used, trained);
    }

    /** Whether numbers are drawn in training. */
    public boolean drops() {
        return trained != used;
    }

    /** Leaves the base model as it is. */
    @Override
    public void close() {
        if (trained != used) {
            trained.close();
        }
        if (used != base) {
            used.close();
        }
    }
}
