package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.function.Consumer;

/**
 * Hears of the objects of an informer.
 *
 * @param changed gets each that appears or changes, and at a resync all
 * @param gone gets each that is deleted, as it was last
 */
record Listener<T>(Consumer<T> changed, Consumer<T> gone) implements ResourceEventHandler<T> {

    @Override
    public void onAdd(T object) {
        changed.accept(object);
    }

    @Override
    public void onUpdate(T before, T after) {
        changed.accept(after);
    }

    @Override
    public void onDelete(T object, boolean finalStateUnknown) {
        gone.accept(object);
    }
}
