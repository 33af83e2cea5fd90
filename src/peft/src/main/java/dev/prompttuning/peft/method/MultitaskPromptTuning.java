package dev.prompttuning.peft.method;

import ai.djl.ndarray.NDArray;

/**
 * Multitask prompt tuning (Wang et al. 2023), PEFT's MultitaskPromptEmbedding: the prompt of a task is one that all tasks share,
 * times, element by element, a matrix of low rank of the task's own.
 *
 * @param parameters {@link PromptTuning#EMBEDDING} of shape {@code [numVirtualTokens, hidden]}, {@value #COLUMNS} of shape {@code
 *     [tasks, numVirtualTokens, rank]} and {@value #ROWS} of shape {@code [tasks, rank, hidden]}
 */
public record MultitaskPromptTuning(Parameters parameters) implements TaskPrompts {

    public static final String COLUMNS = "prompt_encoder.default.prefix_task_cols";
    public static final String ROWS = "prompt_encoder.default.prefix_task_rows";

    @Override
    public int numTasks() {
        return (int) parameters.get(COLUMNS).getShape().get(0);
    }

    /** Rank of the tasks' own matrices. */
    public int rank() {
        return (int) parameters.get(COLUMNS).getShape().get(2);
    }

    @Override
    public SoftPrompt ofTask(int task) {
        return new OfTask(parameters, task);
    }

    /** The shared prompt as one task sees it. */
    record OfTask(Parameters parameters, int task) implements SoftPrompt {

        @Override
        public PeftType type() {
            return PeftType.PROMPT_TUNING;
        }

        @Override
        public int numVirtualTokens() {
            return (int) parameters.get(PromptTuning.EMBEDDING).getShape().get(0);
        }

        @Override
        public NDArray promptEmbeddings() {
            NDArray own = parameters
                    .get(COLUMNS)
                    .get(task)
                    .matMul(parameters.get(ROWS).get(task));
            return own.mul(parameters.get(PromptTuning.EMBEDDING));
        }
    }
}
