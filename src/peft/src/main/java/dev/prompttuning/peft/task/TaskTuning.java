package dev.prompttuning.peft.task;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.peft.causal.PromptKeyValues;
import dev.prompttuning.peft.causal.RowLoss;
import dev.prompttuning.peft.method.FullFineTuning;
import dev.prompttuning.peft.method.SoftPrompt;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.peft.pass.LayerwisePass;
import dev.prompttuning.peft.pass.Start;
import dev.prompttuning.peft.pass.TunedModels;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.head.HeadTask;
import dev.prompttuning.transformers.head.TaskModel;
import dev.prompttuning.transformers.model.Backbone;
import dev.prompttuning.transformers.model.KeyValues;
import dev.prompttuning.transformers.model.TokenLayout;

/**
 * A model with a head together with what is trained of it: runs batches forward and backward.
 *
 * <p>As in PEFT, the virtual tokens of prompt tuning and P-tuning stand in front of every row as tokens of the row: an encoder's
 * see the row as the row sees them, and an encoder classifies a text by the first of them. Unlike in PEFT, labels of tokens are
 * those of the row's own tokens (PEFT compares them with the scores of all, and fails), and {@link SpanRule} says which places an
 * answer may have.
 *
 * <p>PEFT's model for question answering takes token types and does not pass them on, so that adapters do without; as those made
 * here are to compute the same in PEFT, they do too. A whole model that was trained for it has them.
 */
public final class TaskTuning implements AutoCloseable {

    private final TunedModels<TaskModel> models;
    private final Tuning tuning;
    private final SpanRule spans;
    private final boolean recompute;

    /**
     * @param base without the method's additions
     * @param recompute whether layers are computed again in the backward pass instead of being remembered
     */
    public TaskTuning(TaskModel base, Tuning tuning, SpanRule spans, boolean recompute) {
        this.models = TunedModels.of(base, tuning, TaskModel::adapted);
        this.tuning = tuning;
        this.spans = spans;
        this.recompute = recompute;
    }

    /** The model as it is used: with the method's additions to its linear maps, without dropout. */
    public TaskModel model() {
        return models.used();
    }

    /** Tokens that stand in front of every row. */
    public int numVirtualTokens() {
        return tuning.prompt().map(SoftPrompt::numVirtualTokens).orElse(0);
    }

    /** The loss of a batch; {@code scale} times the gradient of its sum is added to the parameters' gradients. */
    public Loss train(TaskBatch batch, double scale) {
        try (Autograd recording = Autograd.recording();
                Scope scope = Scope.open()) {
            TaskModel model = models.trained();
            Start start = start(model, batch);
            ScoreLoss loss = new ScoreLoss(model, batch, start.skipped(), spans);
            if (recompute || model.workspace().isPresent()) {
                return new LayerwisePass(model, recompute, models.drops()).train(start, loss::train, scale);
            }
            return loss.train(model.forward(start.embeddings(), start.layout(), start.past()), scale);
        }
    }

    /** The loss of a batch. */
    public RowLoss evaluate(TaskBatch batch) {
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            Start start = start(model(), batch);
            NDArray hidden = model().forward(start.embeddings(), start.layout(), start.past());
            return new ScoreLoss(model(), batch, start.skipped(), spans).evaluate(hidden);
        }
    }

    /**
     * A batch's loss and scores.
     *
     * @param scores {@code [rows][places][labels]}: of one place for texts, otherwise of the row's tokens
     */
    public record Scored(RowLoss loss, float[][][] scores) {}

    /** The loss and the scores of a batch, from one pass. */
    public Scored scored(TaskBatch batch) {
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            Start start = start(model(), batch);
            NDArray hidden = model().forward(start.embeddings(), start.layout(), start.past());
            ScoreLoss loss = new ScoreLoss(model(), batch, start.skipped(), spans);
            return new Scored(loss.evaluate(hidden), byRow(loss.scores(hidden)));
        }
    }

    /** As {@link #scored}, the scores alone. */
    public float[][][] scores(TaskBatch batch) {
        return scored(batch).scores();
    }

    private static float[][][] byRow(NDArray scores) {
        int rows = (int) scores.getShape().get(0);
        int places = (int) scores.getShape().get(1);
        int labels = (int) scores.getShape().get(2);
        float[] flat = scores.toFloatArray();
        float[][][] byRow = new float[rows][places][labels];
        for (int row = 0; row < rows; row++) {
            for (int place = 0; place < places; place++) {
                System.arraycopy(flat, (row * places + place) * labels, byRow[row][place], 0, labels);
            }
        }
        return byRow;
    }

    private Start start(TaskModel with, TaskBatch batch) {
        int virtual = numVirtualTokens();
        int positions = with.config().maxPositions();
        if (virtual + batch.length() > positions) {
            throw new IllegalArgumentException("%d tokens, %d of them virtual, do not fit into the model's %d positions"
                    .formatted(virtual + batch.length(), virtual, positions));
        }
        NDArray embeddings = with.embed(batch.tokenIds());
        if (tuning.prompt().isEmpty()) {
            // Without a prompt and LoRA, what is trained is the embeddings too.
            return new Start(
                    embeddings,
                    layout(with, batch, 0, false),
                    KeyValues.NONE,
                    0,
                    tuning.lora().isEmpty());
        }
        SoftPrompt prompt = tuning.prompt().get();
        NDArray rows = prompt.promptEmbeddings();
        if (prompt.type().isKeyValues()) {
            KeyValues past = PromptKeyValues.of(with, prompt.type(), rows);
            return new Start(embeddings, layout(with, batch, virtual, false), past, 0, true);
        }
        NDArray repeated = rows.expandDims(0)
                .broadcast(batch.rows(), virtual, rows.getShape().get(1));
        return new Start(
                repeated.concat(embeddings, 1), layout(with, batch, virtual, true), KeyValues.NONE, virtual, true);
    }

    /** @param inside whether the virtual tokens are part of the rows rather than keys and values in front */
    private TokenLayout layout(Backbone model, TaskBatch batch, int virtual, boolean inside) {
        int first = inside ? virtual : 0;
        int length = first + batch.length();
        // PEFT numbers the tokens behind embeddings without looking for padding.
        boolean numbersPadding = inside || model.positioning().numbersPadding();
        int[][] positions = new int[batch.rows()][length];
        int[][] segments = new int[batch.rows()][length];
        int[][] types = new int[batch.rows()][length];
        for (int row = 0; row < batch.rows(); row++) {
            for (int i = 0; i < length; i++) {
                boolean padding = i >= first + batch.lengths()[row];
                positions[row][i] = padding && !numbersPadding ? -1 : virtual - first + i;
                segments[row][i] = padding ? TokenLayout.PADDING : 1;
            }
            if (batch.types() != null && hasTypes()) {
                System.arraycopy(batch.types()[row], 0, types[row], first, batch.length());
            }
        }
        return new TokenLayout(positions, segments, types);
    }

    private boolean hasTypes() {
        return models.base().head().task() != HeadTask.QUESTION_ANS || tuning instanceof FullFineTuning;
    }

    /** Leaves the base model and the parameters as they are. */
    @Override
    public void close() {
        models.close();
    }
}
