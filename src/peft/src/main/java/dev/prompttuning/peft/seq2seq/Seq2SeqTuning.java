package dev.prompttuning.peft.seq2seq;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.peft.causal.HeadLoss;
import dev.prompttuning.peft.causal.Lanes;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.peft.causal.PromptKeyValues;
import dev.prompttuning.peft.causal.RowLoss;
import dev.prompttuning.peft.method.FullFineTuning;
import dev.prompttuning.peft.method.Parameters;
import dev.prompttuning.peft.method.SoftPrompt;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.peft.pass.LayerwisePass;
import dev.prompttuning.peft.pass.Start;
import dev.prompttuning.peft.pass.TunedModels;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.model.Backbone;
import dev.prompttuning.transformers.model.KeyValues;
import dev.prompttuning.transformers.seq2seq.Encoded;
import dev.prompttuning.transformers.seq2seq.Seq2SeqLM;
import dev.prompttuning.transformers.seq2seq.Seq2SeqPrompt;
import dev.prompttuning.transformers.seq2seq.Sources;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A model with an encoder and a decoder together with what is trained of it: runs batches forward and backward.
 *
 * <p>As in PEFT's PeftModelForSeq2SeqLM, the virtual tokens of prompt tuning and P-tuning stand in front of what the encoder reads,
 * and nowhere else; a prefix stands in front of what the decoder writes, in its self attention, and nowhere else.
 */
public final class Seq2SeqTuning implements AutoCloseable {

    private final TunedModels<Seq2SeqLM> models;
    private final Tuning tuning;
    private final boolean recompute;

    /**
     * @param base without the method's additions
     * @param recompute whether layers are computed again in the backward pass instead of being remembered
     */
    public Seq2SeqTuning(Seq2SeqLM base, Tuning tuning, boolean recompute) {
        this.models = TunedModels.of(base, tuning, Seq2SeqLM::adapted);
        this.tuning = tuning;
        this.recompute = recompute;
    }

    /** The bare model. */
    public static Seq2SeqTuning untuned(Seq2SeqLM base) {
        return new Seq2SeqTuning(base, new FullFineTuning(new Parameters(Map.of())), false);
    }

    /** The model as it is used: with the method's additions to its linear maps, without dropout. */
    public Seq2SeqLM model() {
        return models.used();
    }

    /** The loss of a batch; {@code scale} times the gradient of its sum is added to the parameters' gradients. */
    public Loss train(Seq2SeqBatch batch, double scale) {
        try (Autograd recording = Autograd.recording();
                Scope scope = Scope.open()) {
            Pass pass = pass(models.trained(), batch);
            boolean layerwise = recompute || models.base().encoder().workspace().isPresent();
            return layerwise ? pass.trainLayerwise(scale, recompute, models.drops()) : pass.train(scale);
        }
    }

    /** The loss of a batch. */
    public RowLoss evaluate(Seq2SeqBatch batch) {
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            Pass pass = pass(model(), batch);
            return pass.loss().evaluate(pass.hidden());
        }
    }

    /** Scores behind each token that the decoder is fed, {@code [rows, length, vocab]}; whoever asks closes them. */
    public NDArray logits(Seq2SeqBatch batch) {
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            return scope.keep(model().logits(pass(model(), batch).hidden()));
        }
    }

    /** The soft prompt as it is now, for generation; whoever asks closes it. */
    public Seq2SeqPrompt prompt() {
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            Optional<SoftPrompt> prompt = tuning.prompt();
            if (prompt.isEmpty()) {
                return Seq2SeqPrompt.NONE;
            }
            Seq2SeqPrompt made = prompt.get().type().isKeyValues()
                    ? new Seq2SeqPrompt(null, past(prompt.get()))
                    : new Seq2SeqPrompt(prompt.get().virtualTokens().duplicate(), KeyValues.NONE);
            return made.ownedBy(models.base().manager());
        }
    }

    private Pass pass(Seq2SeqLM with, Seq2SeqBatch batch) {
        NDArray texts = with.embed(batch.sourceIds());
        Optional<SoftPrompt> prompt = tuning.prompt();
        // Without a prompt and LoRA, what is trained is the embeddings too.
        boolean whole = prompt.isEmpty() && tuning.lora().isEmpty();
        boolean reading = whole || tuning.lora().isPresent();
        if (prompt.isPresent() && !prompt.get().type().isKeyValues()) {
            NDArray rows = prompt.get().virtualTokens();
            int count = prompt.get().numVirtualTokens();
            NDArray repeated = rows.expandDims(0)
                    .broadcast(batch.rows(), count, rows.getShape().get(1));
            return new Pass(with, batch, repeated.concat(texts, 1), count, true, true, KeyValues.NONE, whole);
        }
        KeyValues past = prompt.map(this::past).orElse(KeyValues.NONE);
        return new Pass(with, batch, texts, 0, whole, reading, past, whole);
    }

    /**
     * PEFT deals a prefix out by fours, two slots for self attention and two for cross attention, which it drops then; and as a prefix has
     * slots for self attention alone, it deals it out twice. So layer {@code i} gets what was meant for layer {@code 2i}, and the second
     * half of the layers the same again.
     */
    private KeyValues past(SoftPrompt prompt) {
        KeyValues dealt = PromptKeyValues.of(model().encoder(), prompt.type(), prompt.promptEmbeddings());
        int slots = dealt.layers().size();
        return new KeyValues(
                IntStream.range(0, model().decoderConfig().numLayers())
                        .mapToObj(layer -> dealt.layers().get(2 * layer % slots))
                        .toList(),
                dealt.length());
    }

    /** Leaves the base model and the parameters as they are. */
    @Override
    public void close() {
        models.close();
    }

    /**
     * One batch on its way.
     *
     * @param texts embeddings that the encoder reads, {@code [rows, virtualTokens + sourceLength, hidden]}
     * @param textsTrained whether they were computed from parameters
     * @param reading whether what the encoder makes of them depends on parameters
     * @param past in front of what the decoder writes
     * @param whole whether all weights are trained
     */
    private record Pass(
            Seq2SeqLM model,
            Seq2SeqBatch batch,
            NDArray texts,
            int virtualTokens,
            boolean textsTrained,
            boolean reading,
            KeyValues past,
            boolean whole) {

        HeadLoss loss() {
            return new HeadLoss(model, model.config().vocabSize(), answers(), 0);
        }

        private Lanes answers() {
            return batch.answers(model.startToken(), model.padToken(), past.length());
        }

        private Sources sources() {
            int[] lengths = batch.sourceLengths().clone();
            for (int row = 0; row < lengths.length; row++) {
                lengths[row] += virtualTokens;
            }
            return new Sources(lengths, virtualTokens + batch.sourceLength());
        }

        private Backbone decoder(NDArray encoded) {
            return model.decoder(new Encoded.States(encoded, sources().mask(model.manager())));
        }

        /** Behind the decoder's last layer, {@code [rows, length, hidden]}. */
        NDArray hidden() {
            Lanes answers = answers();
            return decoder(encoded()).forward(model.embed(answers.tokenIds()), answers.layout(), past);
        }

        private NDArray encoded() {
            return model.encoder().forward(texts, sources().layout(), KeyValues.NONE);
        }

        Loss train(double scale) {
            return loss().train(hidden(), scale);
        }

        /** The encoder's pass, at whose end stands the decoder's. */
        Loss trainLayerwise(double scale, boolean recompute, boolean drops) {
            if (!reading) {
                return write(encoded(), scale, recompute, drops);
            }
            Start read = new Start(texts, sources().layout(), KeyValues.NONE, 0, textsTrained);
            return new LayerwisePass(model.encoder(), recompute, drops)
                    .train(
                            read,
                            (encoded, by) -> {
                                NDArray leaf = Autograd.leaf(encoded);
                                Loss loss = write(leaf, by, recompute, drops);
                                Autograd.backward(encoded, leaf.getGradient());
                                return loss;
                            },
                            scale);
        }

        private Loss write(NDArray encoded, double scale, boolean recompute, boolean drops) {
            Lanes answers = answers();
            Start written =
                    new Start(model.embed(answers.tokenIds()), answers.layout(), past, 0, whole || past.length() > 0);
            return new LayerwisePass(decoder(encoded), recompute, drops).train(written, loss()::train, scale);
        }
    }
}
