package dev.prompttuning.transformers.seq2seq;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.generation.DecodeSession;
import dev.prompttuning.transformers.model.Backbone;
import dev.prompttuning.transformers.model.CausalSession;
import dev.prompttuning.transformers.model.KeyValues;

/** Writes texts that answer one that the encoder has read. What is fed is the answers' tokens, which begin with {@link #opening}. */
public final class Seq2SeqSession implements DecodeSession {

    private final Seq2SeqLM model;
    private final NDManager manager;
    private final CausalSession writing;

    /**
     * @param source token ids of the text to read, with what the tokenizer puts behind it
     * @param prompt stays the caller's, and must outlive this session
     * @throws IllegalArgumentException when the text is longer than the model's positions
     */
    public Seq2SeqSession(Seq2SeqLM model, long[] source, Seq2SeqPrompt prompt) {
        this.model = model;
        this.manager = model.manager().newSubManager();
        try {
            Encoded read = new Encoded.Kept(read(source, prompt).ownedBy(manager), null);
            this.writing = new CausalSession(model.decoder(read), model::logits, prompt.past());
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    /** Keys and values of every decoder layer's cross attention. */
    private KeyValues read(long[] source, Seq2SeqPrompt prompt) {
        int length = prompt.sourceLength() + source.length;
        if (length > model.config().maxPositions()) {
            throw new IllegalArgumentException("%d tokens do not fit into the model's %d positions"
                    .formatted(length, model.config().maxPositions()));
        }
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            NDArray tokens = model.embed(new long[][] {source});
            NDArray all = prompt.virtualTokens() == null
                    ? tokens
                    : prompt.virtualTokens().expandDims(0).concat(tokens, 1);
            Backbone encoder = model.encoder();
            NDArray hidden = encoder.forward(all, new Sources(new int[] {length}, length).layout(), KeyValues.NONE);
            KeyValues made = new KeyValues(
                    model.decoderLayers().stream()
                            .map(layer -> layer.keyValue(hidden))
                            .toList(),
                    length);
            made.layers().forEach(layer -> {
                scope.keep(layer.key());
                scope.keep(layer.value());
            });
            return made;
        }
    }

    /** What stands in front of every answer: the decoder's start token. */
    public long[] opening() {
        return new long[] {model.startToken()};
    }

    @Override
    public int vocabSize() {
        return writing.vocabSize();
    }

    @Override
    public float[][] feed(long[][] newTokens) {
        return writing.feed(newTokens);
    }

    @Override
    public void reorder(int[] sourceRows) {
        writing.reorder(sourceRows);
    }

    /** Positions of the decoder. */
    @Override
    public int length() {
        return writing.length();
    }

    @Override
    public void close() {
        writing.close();
        manager.close();
    }
}
