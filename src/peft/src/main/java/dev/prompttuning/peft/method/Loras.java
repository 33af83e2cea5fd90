package dev.prompttuning.peft.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.peft.lora.LoraSettings;
import dev.prompttuning.peft.lora.LoraTargets;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.model.LinearMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Makes new low-rank additions, which add nothing at first: {@code B} is zero. {@code A} is uniform within one over the square
 * root of the map's inputs, which is what PEFT's Kaiming initialisation with {@code a = √5} amounts to. Start values come from a
 * seeded generator of Java's, so they are the same on every machine.
 */
public final class Loras {

    private final List<LinearMap> maps;
    private final NDManager manager;
    private final long seed;

    /**
     * @param maps the model's linear maps
     * @param manager owner of the new tensors
     */
    public Loras(List<LinearMap> maps, NDManager manager, long seed) {
        this.maps = maps;
        this.manager = manager;
        this.seed = seed;
    }

    /** @throws IllegalArgumentException when a target names no linear map, with a sentence for people */
    public Lora lora(LoraSettings settings) {
        LoraSettings resolved = settings.withTargets(LoraTargets.resolved(settings.targetModules(), maps));
        Random random = new Random(seed);
        try (Scope scope = Scope.open()) {
            Map<String, NDArray> values = new LinkedHashMap<>();
            for (LinearMap map : LoraTargets.matching(resolved.targetModules(), maps)) {
                values.put(
                        Lora.nameOfA(map.name()),
                        manager.create(drawn(random, settings.rank(), map.in()), new Shape(settings.rank(), map.in())));
                values.put(Lora.nameOfB(map.name()), manager.zeros(new Shape(map.out(), settings.rank())));
            }
            return new Lora(Parameters.copied(values, manager), resolved);
        }
    }

    private static float[] drawn(Random random, int rows, int columns) {
        double bound = 1 / Math.sqrt(columns);
        float[] drawn = new float[rows * columns];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
        return drawn;
    }
}
