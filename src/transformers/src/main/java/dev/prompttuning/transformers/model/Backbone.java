package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.engine.NativeArrays;
import dev.prompttuning.transformers.engine.Scope;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A stack of layers with its weights, run layer by layer: a family's {@link Decoder}, or an encoder, without what is made of the
 * last layer's hidden states.
 *
 * <p>Whether gradients flow is up to the thread's gradient mode and to what requires them; weights do only when they were loaded
 * as trainable. Results belong to the caller's {@link Scope}. A model may be used by several threads, as long as none trains it.
 */
public abstract class Backbone implements LoadedModel {

    private final Weights weights;
    private final Function<Weights, Decoder> family;
    private final NDManager manager;
    private final Decoder decoder;

    /**
     * @param family puts a decoder together from weights
     * @param manager closed with the model
     */
    protected Backbone(Weights weights, Function<Weights, Decoder> family, NDManager manager) {
        this.weights = weights;
        this.family = family;
        this.manager = manager;
        this.decoder = family.apply(weights);
    }

    /** What the layers are made of. */
    protected final Weights source() {
        return weights;
    }

    /** How they are put together. */
    protected final Function<Weights, Decoder> family() {
        return family;
    }

    /** The layers and what is around them. */
    protected final Decoder decoder() {
        return decoder;
    }

    /**
     * The same model with something composed with its linear maps. It shares all weights with this one, which must outlive it;
     * closing it frees only what its own {@link #manager} owns.
     */
    public abstract Backbone adapted(LinearAdapter adapter);

    @Override
    public List<LinearMap> linears() {
        return weights.linears();
    }

    /**
     * Where layers' packed matrices are decoded while it is trained; empty where none are packed. Without use of it, a recording
     * of several layers keeps all of their matrices in single precision.
     */
    public Optional<LayerWorkspace> workspace() {
        return weights.workspace();
    }

    /** Whether gradients pass float16 on their way through it, so that they may overflow where their loss is scaled. */
    public boolean hasHalfGradients() {
        return weights.hasHalfProducts();
    }

    @Override
    public ModelConfig config() {
        return decoder.config();
    }

    @Override
    public NDManager manager() {
        return manager;
    }

    @Override
    public Map<String, NDArray> weights() {
        return weights.loaded();
    }

    @Override
    public NDArray embed(long[][] tokenIds) {
        try (Scope scope = Scope.open()) {
            LongBuffer ids = LongBuffer.allocate(tokenIds.length * tokenIds[0].length);
            for (long[] lane : tokenIds) {
                ids.put(lane);
            }
            return scope.keep(decoder.embeddings()
                    .apply(NativeArrays.of(manager, ids.flip(), new Shape(tokenIds.length, tokenIds[0].length))));
        }
    }

    /**
     * Runs all layers.
     *
     * @param embeddings {@code [lanes, length, hidden]}
     * @param layout where the tokens stand; it starts behind {@code past}
     * @param past what every token sees in front of its own lane; {@link KeyValues#NONE} for nothing
     * @return {@code [lanes, length, hidden]} behind the last norm
     */
    public NDArray forward(NDArray embeddings, TokenLayout layout, KeyValues past) {
        return pass(embeddings, layout, past, false).hidden();
    }

    /** As {@link #forward}, and keeps the keys and values of all tokens, {@code past} included. */
    public Pass forwardKeeping(NDArray embeddings, TokenLayout layout, KeyValues past) {
        return pass(embeddings, layout, past, true);
    }

    private Pass pass(NDArray embeddings, TokenLayout layout, KeyValues past, boolean keep) {
        try (Scope scope = Scope.open()) {
            Sight sight = sight(layout, past.length());
            NDArray hidden = enter(embeddings, sight);
            List<KeyValue> kept = new ArrayList<>();
            for (int index = 0; index < decoder.layers().size(); index++) {
                try (Scope layerScope = Scope.open()) {
                    Decoder.Output output = layer(index, hidden, sight, past);
                    hidden = layerScope.keep(output.hidden());
                    if (keep) {
                        layerScope.keep(output.inSight().key());
                        layerScope.keep(output.inSight().value());
                        kept.add(output.inSight());
                    }
                }
            }
            kept.forEach(layer -> {
                scope.keep(layer.key());
                scope.keep(layer.value());
            });
            NDArray left = scope.keep(decoder.norm().apply(hidden));
            return new Pass(left, new KeyValues(kept, keep ? past.length() + layout.length() : 0));
        }
    }

    /** How its tokens' places are told apart. */
    public Positioning positioning() {
        return decoder.positioning();
    }

    /** What the layers of one pass share. */
    public Sight sight(TokenLayout layout, int pastLength) {
        return Sight.of(manager, layout, pastLength, decoder.positioning());
    }

    /** The step before the first layer. */
    public NDArray enter(NDArray embeddings, Sight sight) {
        return decoder.entry().apply(embeddings, sight);
    }

    /** One layer; for whoever runs the layers one by one. */
    public Decoder.Output layer(int index, NDArray hidden, Sight sight, KeyValues past) {
        return decoder.layers()
                .get(index)
                .apply(hidden, sight, past.length() == 0 ? null : past.layers().get(index));
    }

    /** The norm behind the last layer. */
    public NDArray leave(NDArray hidden) {
        return decoder.norm().apply(hidden);
    }

    @Override
    public void close() {
        manager.close();
    }

    /**
     * @param hidden {@code [lanes, length, hidden]}
     * @param keyValues all tokens' keys and values
     */
    public record Pass(NDArray hidden, KeyValues keyValues) {}
}
