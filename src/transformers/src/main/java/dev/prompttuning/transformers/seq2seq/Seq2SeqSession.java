package dev.prompttuning.transformers.seq2seq;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.generation.DecodeSession;
import dev.prompttuning.transformers.model.CausalSession;
import dev.prompttuning.transformers.model.KeyValue;
import dev.prompttuning.transformers.model.KeyValues;
import java.util.Arrays;
import java.util.List;

/** Writes texts that answer texts which the encoder has read. What is fed is the answers' tokens, which begin with {@link #opening}. */
public final class Seq2SeqSession implements DecodeSession {

    private final Seq2SeqLM model;
    private final NDManager manager;
    private final KeptSources read;
    private final CausalSession writing;

    /** A session whose rows all answer one text; as {@link #Seq2SeqSession(Seq2SeqLM, List, Seq2SeqPrompt)}. */
    public Seq2SeqSession(Seq2SeqLM model, long[] source, Seq2SeqPrompt prompt) {
        this(model, List.of(source), prompt);
    }

    /**
     * @param sources token ids of the texts to read, with what the tokenizer puts behind each; row {@code i} answers the {@code i}-th
     * @param prompt stays the caller's, and must outlive this session
     * @throws IllegalArgumentException when a text is longer than the model's positions
     */
    public Seq2SeqSession(Seq2SeqLM model, List<long[]> sources, Seq2SeqPrompt prompt) {
        this.model = model;
        this.manager = model.manager().newSubManager();
        try {
            this.read = read(sources, prompt);
            this.writing = new CausalSession(model.decoder(read), model::logits, prompt.past());
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private KeptSources read(List<long[]> sources, Seq2SeqPrompt prompt) {
        int virtual = prompt.sourceLength();
        int[] lengths =
                sources.stream().mapToInt(source -> virtual + source.length).toArray();
        Sources places = new Sources(lengths, Arrays.stream(lengths).max().orElseThrow());
        if (places.length() > model.config().maxPositions()) {
            throw new IllegalArgumentException("%d tokens do not fit into the model's %d positions"
                    .formatted(places.length(), model.config().maxPositions()));
        }
        long[][] padded = sources.stream()
                .map(source -> Arrays.copyOf(source, places.length() - virtual))
                .toArray(long[][]::new);
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            NDArray tokens = model.embed(padded);
            NDArray all =
                    virtual == 0 ? tokens : virtual(prompt, sources.size()).concat(tokens, 1);
            NDArray hidden = model.encoder().forward(all, places.layout(), KeyValues.NONE);
            List<KeyValue> layers = model.decoderLayers().stream()
                    .map(layer -> layer.keyValue(hidden))
                    .toList();
            return new KeptSources(new KeyValues(layers, places.length()), places.mask(manager), manager);
        }
    }

    private static NDArray virtual(Seq2SeqPrompt prompt, int rows) {
        NDArray one = prompt.virtualTokens().expandDims(0);
        return one.broadcast(rows, one.getShape().get(1), one.getShape().get(2));
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
        read.reorder(sourceRows);
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
