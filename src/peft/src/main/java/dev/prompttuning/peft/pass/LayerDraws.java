package dev.prompttuning.peft.pass;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.engine.Scope;

/** Makes layers draw the same random numbers each time they run. */
@FunctionalInterface
interface LayerDraws {

    /** Layers draw none. */
    LayerDraws NONE = layer -> {};

    /** Every layer's numbers follow from one that the engine draws now, and so from the seed that the engine was given. */
    static LayerDraws seeded(NDManager manager) {
        try (Scope scope = Scope.open()) {
            int first = (int) manager.randomInteger(0, Integer.MAX_VALUE / 2, new Shape(1), DataType.INT64)
                    .getLong();
            return layer -> manager.getEngine().setRandomSeed(first + layer);
        }
    }

    /** To be called before a layer runs. */
    void before(int layer);
}
