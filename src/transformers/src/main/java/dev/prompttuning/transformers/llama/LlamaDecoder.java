package dev.prompttuning.transformers.llama;

import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.Embedding;
import dev.prompttuning.transformers.model.Linear;
import dev.prompttuning.transformers.model.ModelConfig;
import dev.prompttuning.transformers.model.Weights;
import java.util.List;
import java.util.stream.IntStream;

/** Llama, Mistral, Qwen2 and Qwen3. */
public final class LlamaDecoder {

    private LlamaDecoder() {}

    public static Decoder of(ConfigReader json, Weights weights) {
        return of(LlamaConfig.of(json), weights, true);
    }

    /** Without the language model head, for other heads. */
    public static Decoder withoutHead(ConfigReader json, Weights weights) {
        return of(LlamaConfig.of(json), weights, false);
    }

    private static Decoder of(LlamaConfig config, Weights weights, boolean predicts) {
        ModelConfig shape = config.shape();
        Embedding embeddings = weights.embedding("model.embed_tokens.weight", shape.vocabSize(), shape.hiddenSize());
        List<Decoder.Layer> layers = IntStream.range(0, shape.numLayers())
                .<Decoder.Layer>mapToObj(index -> new LlamaLayer(config, weights, index))
                .toList();
        return new Decoder(
                shape,
                config.positioning(),
                embeddings,
                Decoder.Entry.NONE,
                layers,
                weights.rmsNorm("model.norm", shape.hiddenSize(), config.rmsNormEpsilon()),
                predicts ? head(config, weights, embeddings) : null);
    }

    private static Linear head(LlamaConfig config, Weights weights, Embedding embeddings) {
        return config.tiedHead()
                ? embeddings.tiedHead()
                : weights.linear(
                        "lm_head", config.shape().hiddenSize(), config.shape().vocabSize(), false);
    }
}
