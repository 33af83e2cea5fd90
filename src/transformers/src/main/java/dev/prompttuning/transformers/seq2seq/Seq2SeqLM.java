package dev.prompttuning.transformers.seq2seq;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.transformers.engine.NativeArrays;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.model.Backbone;
import dev.prompttuning.transformers.model.LanguageHead;
import dev.prompttuning.transformers.model.Linear;
import dev.prompttuning.transformers.model.LinearAdapter;
import dev.prompttuning.transformers.model.LinearMap;
import dev.prompttuning.transformers.model.LoadedModel;
import dev.prompttuning.transformers.model.ModelConfig;
import dev.prompttuning.transformers.model.Weights;
import java.util.List;
import java.util.Map;

/** A language model that reads one text with its encoder and writes another with its decoder. */
public final class Seq2SeqLM implements LoadedModel, LanguageHead {

    private final Weights weights;
    private final Seq2SeqFamily family;
    private final NDManager manager;
    private final Backbone encoder;
    private final CrossDecoder decoder;

    /**
     * @param family puts both stacks together from weights
     * @param manager closed with the model
     */
    public Seq2SeqLM(Weights weights, Seq2SeqFamily family, NDManager manager) {
        this.weights = weights;
        this.family = family;
        this.manager = manager;
        this.encoder = new Stack(weights, family::encoder, manager);
        this.decoder = family.decoder(weights);
    }

    /** As {@link Backbone#adapted}: a view of the same weights, which this model must outlive. */
    public Seq2SeqLM adapted(LinearAdapter adapter) {
        return new Seq2SeqLM(weights.adapted(adapter), family, manager.newSubManager());
    }

    /** The stack that reads. It lives as long as this model. */
    public Backbone encoder() {
        return encoder;
    }

    /** The stack that writes, looking at one batch of texts. It lives as long as the model and they. */
    public Backbone decoder(Encoded encoded) {
        return new Stack(weights, same -> decoder.over(encoded), manager);
    }

    @Override
    public boolean hasPackedHead() {
        return decoder.head() instanceof Linear.Packed;
    }

    @Override
    public NDArray logitsGradient(NDArray gradient) {
        NDArray scaled = ((Linear.Packed) decoder.head()).weight().back(gradient);
        return decoder.headScale() == 1 ? scaled : NativeArrays.scaled(scaled, decoder.headScale());
    }

    /** Of the decoder's hidden states. */
    @Override
    public NDArray logits(NDArray hidden) {
        try (Scope scope = Scope.open()) {
            NDArray scaled = decoder.headScale() == 1 ? hidden : NativeArrays.scaled(hidden, decoder.headScale());
            return scope.keep(decoder.head().apply(scaled));
        }
    }

    /** Layers, without keys and values of their own, of the decoder. */
    List<CrossDecoder.Layer> decoderLayers() {
        return decoder.layers();
    }

    /** The encoder's, by which PEFT sizes everything. */
    @Override
    public ModelConfig config() {
        return encoder.config();
    }

    public ModelConfig decoderConfig() {
        return decoder.config();
    }

    /** The token that stands in front of every text that the decoder writes. */
    public long startToken() {
        return family.startToken();
    }

    /** The token that rows are padded with. */
    public long padToken() {
        return family.padToken();
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
    public List<LinearMap> linears() {
        return weights.linears();
    }

    @Override
    public int transformerSubmodules() {
        return 2;
    }

    @Override
    public NDArray embed(long[][] tokenIds) {
        return encoder.embed(tokenIds);
    }

    @Override
    public void close() {
        manager.close();
    }
}
