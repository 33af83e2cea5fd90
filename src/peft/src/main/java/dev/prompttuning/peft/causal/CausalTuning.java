package dev.prompttuning.peft.causal;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.peft.method.FullFineTuning;
import dev.prompttuning.peft.method.Parameters;
import dev.prompttuning.peft.method.SoftPrompt;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.peft.pass.LayerStack;
import dev.prompttuning.peft.pass.LayerwisePass;
import dev.prompttuning.peft.pass.Start;
import dev.prompttuning.peft.pass.TunedModels;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.KeyValues;
import dev.prompttuning.transformers.model.TokenLayout;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * A causal model together with what is trained of it: runs batches forward and backward.
 *
 * <p>Virtual tokens run once for the whole batch, not once a row. In one packed lane they stand in front of it; in front of
 * several lanes stands what they leave behind, their keys and values.
 */
public final class CausalTuning implements AutoCloseable {

    private final TunedModels<CausalLM> models;
    private final Tuning tuning;
    private final boolean recompute;

    /**
     * @param base without the method's additions
     * @param recompute whether layers are computed again in the backward pass instead of being remembered (gradient
     *     checkpointing): about a third of the memory for a third more time
     */
    public CausalTuning(CausalLM base, Tuning tuning, boolean recompute) {
        this.models = TunedModels.of(base, tuning, CausalLM::adapted);
        this.tuning = tuning;
        this.recompute = recompute;
    }

    /** The bare model. */
    public static CausalTuning untuned(CausalLM base) {
        return new CausalTuning(base, new FullFineTuning(new Parameters(Map.of())), false);
    }

    /** The model as it is used: with the method's additions to its linear maps, without dropout. */
    public CausalLM model() {
        return models.used();
    }

    /** Tokens that stand in front of every row. */
    public int numVirtualTokens() {
        return tuning.prompt().map(SoftPrompt::numVirtualTokens).orElse(0);
    }

    /** The loss of a batch; {@code scale} times the gradient of its sum is added to the parameters' gradients. */
    public Loss train(Lanes batch, double scale) {
        try (Autograd recording = Autograd.recording();
                Scope scope = Scope.open()) {
            CausalLM trained = models.trained();
            Start start = start(trained, batch);
            HeadLoss head = new HeadLoss(trained, batch, start.skipped());
            if (recompute || trained.workspace().isPresent()) {
                return new LayerwisePass(trained, recompute, models.drops()).train(start, head::train, scale);
            }
            return head.train(trained.forward(start.embeddings(), start.layout(), start.past()), scale);
        }
    }

    /** The loss of a batch. */
    public RowLoss evaluate(Lanes batch) {
        return scored(batch, HeadLoss::evaluate);
    }

    /** The sum of the labelled tokens' log-probabilities in each lane, {@code [lanes]}. */
    public double[] logLikelihoods(Lanes batch) {
        return scored(batch, HeadLoss::logLikelihoods);
    }

    private <T> T scored(Lanes batch, BiFunction<HeadLoss, NDArray, T> score) {
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            CausalLM model = models.used();
            Start start = start(model, batch);
            NDArray hidden = model.forward(start.embeddings(), start.layout(), start.past());
            return score.apply(new HeadLoss(model, batch, start.skipped()), hidden);
        }
    }

    /** The soft prompt's keys and values as they are now, for generation; whoever asks closes them. */
    public KeyValues prefix() {
        return prefix(0);
    }

    /** As {@link #prefix()}, of one of several tasks. */
    public KeyValues prefix(int task) {
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            return tuning.prompt(task)
                    .map(prompt -> PromptKeyValues.of(models.used(), prompt.type(), prompt.promptEmbeddings())
                            .ownedBy(models.base().manager()))
                    .orElse(KeyValues.NONE);
        }
    }

    /** Embeddings and layout of a batch, with the virtual tokens where they run cheapest. */
    private Start start(CausalLM with, Lanes batch) {
        NDArray embeddings = with.embed(batch.tokenIds());
        return tuning.prompt(batch.task())
                .map(prompt -> start(with, prompt, embeddings, batch.layout()))
                .orElseGet(() -> new Start(embeddings, batch.layout(), KeyValues.NONE, 0, isFull()));
    }

    private boolean isFull() {
        return tuning instanceof FullFineTuning;
    }

    private static Start start(CausalLM with, SoftPrompt prompt, NDArray embeddings, TokenLayout layout) {
        NDArray virtual = prompt.promptEmbeddings();
        if (layout.lanes() > 1
                && !prompt.type().isKeyValues()
                && with.workspace().isPresent()
                && Autograd.isRecording()) {
            LayerStack stack = LayerStack.ofVirtualTokens(with, virtual);
            return new Start(embeddings, layout, stack.keyValues(), 0, true, stack);
        }
        if (layout.lanes() > 1 || prompt.type().isKeyValues()) {
            return new Start(embeddings, layout, PromptKeyValues.of(with, prompt.type(), virtual), 0, true);
        }
        int n = prompt.numVirtualTokens();
        NDArray all = virtual.expandDims(0).concat(embeddings, 1);
        return new Start(all, layout.behindVirtualTokens(n), KeyValues.NONE, n, true);
    }

    /** Leaves the base model and the parameters as they are. */
    @Override
    public void close() {
        models.close();
    }
}
