package dev.prompttuning.transformers.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.ArrayList;
import java.util.List;

/**
 * Owns every array made on this thread while it is open, and closes them at its end, whichever manager they are attached to.
 * What is {@link #keep kept} goes to the enclosing scope, or, where there is none, stays with its manager.
 */
public final class Scope implements AutoCloseable {

    private final NDScope scope = new NDScope();
    private final List<NDArray> kept = new ArrayList<>();

    private Scope() {
        scope.suppressNotUsedWarning();
    }

    public static Scope open() {
        return new Scope();
    }

    /** Leaves the array to the enclosing scope. */
    public NDArray keep(NDArray array) {
        NDScope.unregister(array);
        kept.add(array);
        return array;
    }

    @Override
    public void close() {
        scope.close();
        kept.forEach(NDScope::register);
    }
}
