package dev.prompttuning.transformers.t5;

import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.Embedding;
import dev.prompttuning.transformers.model.Linear;
import dev.prompttuning.transformers.model.ModelConfig;
import dev.prompttuning.transformers.model.Norm;
import dev.prompttuning.transformers.model.Positioning;
import dev.prompttuning.transformers.model.Weights;
import dev.prompttuning.transformers.seq2seq.CrossDecoder;
import dev.prompttuning.transformers.seq2seq.Seq2SeqFamily;
import java.util.List;
import java.util.stream.IntStream;

/**
 * T5 and mT5. The original ties its head to the embeddings and scales what goes into it; v1.1, Flan and mT5 have a head of their own
 * and do not scale.
 */
public record T5(ConfigReader config) implements Seq2SeqFamily {

    private static final String TOKENS = "shared.weight";
    private static final String HEAD = "lm_head";

    /** Relative positions set no limit. This one keeps the scores of a head, which grow with the square, at 64 MiB. */
    private static final int LONGEST = 4096;

    private static final int BUCKETS = 32;
    private static final int MAX_DISTANCE = 128;

    static Norm norm(ConfigReader config, Weights weights, String name) {
        return weights.rmsNorm(name, config.integer("d_model"), config.number("layer_norm_epsilon", 1e-6));
    }

    @Override
    public Decoder encoder(Weights weights) {
        ModelConfig shape = shape(config.integer("num_layers"));
        List<Decoder.Layer> layers = IntStream.range(0, shape.numLayers())
                .<Decoder.Layer>mapToObj(i -> new T5EncoderLayer(shape, config, weights, "encoder.block." + i))
                .toList();
        return new Decoder(
                shape,
                Positioning.biasedEncoder(bias(weights, "encoder", true)),
                tokens(weights, shape),
                Decoder.Entry.NONE,
                layers,
                norm(config, weights, "encoder.final_layer_norm"),
                null);
    }

    @Override
    public CrossDecoder decoder(Weights weights) {
        ModelConfig shape = shape(config.integer("num_decoder_layers", config.integer("num_layers")));
        List<CrossDecoder.Layer> layers = IntStream.range(0, shape.numLayers())
                .<CrossDecoder.Layer>mapToObj(i -> new T5DecoderLayer(shape, config, weights, "decoder.block." + i))
                .toList();
        return new CrossDecoder(
                shape,
                Positioning.biased(bias(weights, "decoder", false)),
                tokens(weights, shape),
                layers,
                norm(config, weights, "decoder.final_layer_norm"),
                head(weights, shape),
                scalesOutputs() ? 1 / Math.sqrt(shape.hiddenSize()) : 1);
    }

    private static Embedding tokens(Weights weights, ModelConfig shape) {
        return weights.embedding(TOKENS, shape.vocabSize(), shape.hiddenSize());
    }

    private RelativeBias bias(Weights weights, String stack, boolean bothWays) {
        int buckets = config.integer("relative_attention_num_buckets", BUCKETS);
        String name = stack + ".block.0.layer.0.SelfAttention.relative_attention_bias.weight";
        Embedding table = new Embedding(weights.get(name, buckets, config.integer("num_heads")), Precision.FLOAT32);
        return new RelativeBias(
                table, buckets, config.integer("relative_attention_max_distance", MAX_DISTANCE), bothWays);
    }

    /**
     * Recent configurations call every model tied, and say whether outputs are scaled; older ones leave that to whether the head is
     * tied.
     */
    private boolean scalesOutputs() {
        return config.has("scale_decoder_outputs") ? config.flag("scale_decoder_outputs", false) : isTied();
    }

    private boolean isTied() {
        return config.flag("tie_word_embeddings", !config.text("model_type", "").equals("mt5"));
    }

    private Linear head(Weights weights, ModelConfig shape) {
        boolean own = weights.contains(HEAD + ".weight") && (config.has("scale_decoder_outputs") || !isTied());
        return own
                ? weights.linear(HEAD, shape.hiddenSize(), shape.vocabSize(), false)
                : tokens(weights, shape).tiedHead();
    }

    /** Sized by heads throughout, because they may be wider or narrower than a share of the hidden size. */
    private ModelConfig shape(int layers) {
        int heads = config.integer("num_heads");
        return new ModelConfig(
                config.text("model_type", ""),
                config.integer("vocab_size"),
                config.integer("d_model"),
                layers,
                heads,
                heads,
                config.integer("d_kv"),
                true,
                LONGEST);
    }

    @Override
    public long startToken() {
        return config.integer("decoder_start_token_id", (int) padToken());
    }

    @Override
    public long padToken() {
        return config.integer("pad_token_id", 0);
    }
}
