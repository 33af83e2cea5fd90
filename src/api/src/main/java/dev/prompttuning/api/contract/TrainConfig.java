package dev.prompttuning.api.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.prompttuning.api.tuning.DatasetFormat;
import dev.prompttuning.api.tuning.EvaluationMetric;
import dev.prompttuning.api.tuning.Precision;
import dev.prompttuning.api.tuning.Scheduler;
import dev.prompttuning.api.tuning.Task;
import dev.prompttuning.api.tuning.Template;
import java.util.List;
import java.util.Map;

/**
 * The file {@code train.json}: a PromptTuningJob with every default resolved and every volume a path.
 *
 * @param name the job's name
 * @param task null: {@link Task#CAUSAL_LM}, which earlier versions knew alone: a job's pods are named after this file
 * @param labels of a classification, in the order of their numbers; empty for other tasks
 * @param port port of {@code /progress}, the metrics and the probes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainConfig(
        String name,
        ModelSource baseModel,
        Task task,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> labels,
        MethodConfig method,
        Data dataset,
        Loop training,
        Target output,
        int port) {

    public TrainConfig {
        labels = labels == null ? List.of() : List.copyOf(labels);
    }

    /**
     * @param evaluation null: none, or {@code evaluationSplit} of the training rows
     * @param columns names in the dataset by names in the format; empty: they are the same
     * @param template null: the format's own
     * @param maxLength tokens of a row, without virtual tokens
     * @param tasks null: all rows are of one task
     * @param chatTemplate null: the base model's
     * @param maskHistory whether only the last answer of a conversation is learned
     * @param templates how a language model is asked for a label; null: it is not
     * @param verbalizers what it says for each label
     * @param streaming whether rows are kept in a file; null: when they are too many for memory
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Data(
            DataLocation train,
            DataLocation evaluation,
            DatasetFormat format,
            Map<String, String> columns,
            Template template,
            int maxLength,
            Double evaluationSplit,
            boolean trainOnPrompt,
            Tasks tasks,
            String chatTemplate,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean maskHistory,
            Boolean streaming,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> templates,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, List<String>> verbalizers) {}

    /** @param column the column of the dataset that names a row's task */
    public record Tasks(String column, List<String> names) {}

    /**
     * Exactly one of {@code path} (a file or a folder), {@code repo} and {@code uri} is set; {@code name} is for people. Downloads go to
     * the base model's cache. The token for the training rows' server is in the environment variable {@code DATASET_TOKEN}, that for the
     * evaluation rows' in {@code EVALUATION_DATASET_TOKEN}.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record DataLocation(
            String name, String path, String repo, String revision, String subset, String split, String uri) {}

    /**
     * @param epochs null when {@code maxSteps} is set, and the other way round
     * @param warmupSteps null when {@code warmupRatio}, a share of all steps, is set, and the other way round
     * @param maxGradNorm 0: no clipping
     * @param evaluationSteps null: at the end of each epoch
     * @param patience evaluations without an improvement after which training ends; null: never
     * @param maxNewTokens longest answer that is generated where {@code metric} needs it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Loop(
            Integer epochs,
            Integer maxSteps,
            int batchSize,
            int gradientAccumulationSteps,
            double learningRate,
            Scheduler scheduler,
            Integer warmupSteps,
            Double warmupRatio,
            double weightDecay,
            double maxGradNorm,
            Precision precision,
            boolean gradientCheckpointing,
            long seed,
            int loggingSteps,
            Integer evaluationSteps,
            EvaluationMetric metric,
            boolean loadBest,
            Integer patience,
            double minDelta,
            int maxNewTokens,
            int checkpointSteps,
            int checkpointKeep) {}

    /** @param path the adapter's folder, which is whole or absent */
    public record Target(String adapterName, String path) {}
}
