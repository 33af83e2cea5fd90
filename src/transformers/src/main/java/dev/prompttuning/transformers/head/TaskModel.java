package dev.prompttuning.transformers.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.model.Backbone;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.LinearAdapter;
import dev.prompttuning.transformers.model.Weights;
import java.util.function.Function;

/** A {@link Backbone} with a {@link TaskHead}, whose weights collect gradients even where the rest of the model is frozen. */
public final class TaskModel extends Backbone {

    private final Function<Weights, TaskHead> headFamily;
    private final TaskHead head;

    /**
     * @param family puts the layers together from weights
     * @param headFamily puts the head together from the same weights
     * @param manager closed with the model
     */
    public TaskModel(
            Weights weights,
            Function<Weights, Decoder> family,
            Function<Weights, TaskHead> headFamily,
            NDManager manager) {
        super(weights, family, manager);
        this.headFamily = headFamily;
        this.head = headFamily.apply(weights);
    }

    @Override
    public TaskModel adapted(LinearAdapter adapter) {
        return new TaskModel(
                source().adapted(adapter), family(), headFamily, manager().newSubManager());
    }

    public TaskHead head() {
        return head;
    }

    /**
     * @param hidden {@code [rows, length, hidden]} behind the last layer
     * @param last index of each row's last real token
     * @return {@code [rows, labels]}, or {@code [rows, length, labels]} where each token is scored
     */
    public NDArray scores(NDArray hidden, int[] last) {
        try (Scope scope = Scope.open()) {
            return scope.keep(head.apply(hidden, last));
        }
    }
}
