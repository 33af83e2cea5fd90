package dev.prompttuning.api.validation;

import dev.prompttuning.api.tuning.Dataset;
import dev.prompttuning.api.tuning.DatasetFormat;
import dev.prompttuning.api.tuning.EvaluationMetric;
import dev.prompttuning.api.tuning.Method;
import dev.prompttuning.api.tuning.PrefixInit;
import dev.prompttuning.api.tuning.PrefixInitType;
import dev.prompttuning.api.tuning.PromptTuningJobSpec;
import dev.prompttuning.api.tuning.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What does not go with a task. */
final class TaskProblems {

    /** Formats whose rows have a prompt and an answer. */
    private static final Set<DatasetFormat> ANSWERED =
            EnumSet.of(DatasetFormat.ALPACA, DatasetFormat.PROMPT_COMPLETION);

    private final List<String> found = new ArrayList<>();

    private TaskProblems() {}

    static List<String> of(PromptTuningJobSpec spec) {
        TaskProblems problems = new TaskProblems();
        Task task = spec.task() == null ? Task.CAUSAL_LM : spec.task();
        problems.labels(spec.judgedTask(), spec.labels());
        problems.metric(spec.judgedTask(), spec);
        if (spec.tellsLabelsByWords()) {
            problems.verbalizers(spec);
        }
        if (spec.dataset() != null) {
            problems.format(task, spec.dataset());
        }
        if (spec.method() != null) {
            problems.method(task, spec.method());
        }
        return problems.found;
    }

    private void method(Task task, Method method) {
        require(
                task == Task.CAUSAL_LM || !method.knowsTasks(),
                "method has a prompt for each task, which goes with task CausalLM only: use promptTuning.");
        PrefixInit init =
                method.prefixTuning() == null ? null : method.prefixTuning().init();
        require(
                task != Task.SEQ2SEQ_LM || init == null || init.type() != PrefixInitType.TEXT,
                "method.prefixTuning.init Text does not go with task Seq2SeqLM: use Zero, or leave init out.");
    }

    private void labels(Task task, List<String> labels) {
        if (!task.hasLabels()) {
            require(
                    labels == null,
                    "labels go with SequenceClassification, TokenClassification and dataset.format Labeled only: leave them out.");
            return;
        }
        if (labels == null || labels.size() < 2) {
            found.add("labels has fewer than two entries: list all labels, in the order of their numbers.");
            return;
        }
        require(new HashSet<>(labels).size() == labels.size(), "labels names a label twice: name each once.");
    }

    private void verbalizers(PromptTuningJobSpec spec) {
        Map<String, List<String>> words = spec.dataset().verbalizers();
        if (words != null && spec.labels() != null) {
            for (String label : spec.labels()) {
                require(
                        words.get(label) != null && !words.get(label).isEmpty(),
                        "dataset.verbalizers has no word for the label " + label + ": give it one.");
            }
            for (String label : words.keySet()) {
                require(
                        spec.labels().contains(label),
                        "dataset.verbalizers names " + label + ", which is none of the labels: correct one of them.");
            }
        }
        require(
                spec.method() == null || !spec.method().knowsTasks(),
                "method has a prompt for each task, which does not go with dataset.format Labeled: use promptTuning.");
    }

    private void metric(Task task, PromptTuningJobSpec spec) {
        if (spec.training() == null || spec.training().evaluation() == null) {
            return;
        }
        EvaluationMetric metric = spec.training().evaluation().metric();
        if (metric == null) {
            return;
        }
        require(
                metric.fits(task),
                "training.evaluation.metric %s does not go with task %s: use one of %s."
                        .formatted(metric.label(), task.label(), fitting(task)));
        require(
                !metric.needsGeneration(task)
                        || spec.dataset() == null
                        || spec.dataset().format() != DatasetFormat.TEXT,
                "training.evaluation.metric %s compares answers, and rows of dataset.format Text have none: use Loss or another format."
                        .formatted(metric.label()));
    }

    private static String fitting(Task task) {
        return Arrays.stream(EvaluationMetric.values())
                .filter(metric -> metric.fits(task))
                .map(EvaluationMetric::label)
                .collect(Collectors.joining(", "));
    }

    private void format(Task task, Dataset dataset) {
        require(
                task == Task.CAUSAL_LM || !Boolean.TRUE.equals(dataset.streaming()),
                "dataset.streaming goes with task CausalLM only: leave it out.");
        if (task.hasHead()) {
            require(
                    dataset.format() == null || dataset.format() == DatasetFormat.LABELED,
                    "dataset.format does not go with this task: use Labeled.");
            require(dataset.template() == null, "dataset.template does not go with this task: leave it out.");
        } else if (task == Task.SEQ2SEQ_LM) {
            require(
                    dataset.format() == null || ANSWERED.contains(dataset.format()),
                    "dataset.format does not go with task Seq2SeqLM: use Alpaca or PromptCompletion.");
            require(
                    !Boolean.TRUE.equals(dataset.trainOnPrompt()),
                    "dataset.trainOnPrompt does not go with task Seq2SeqLM, whose decoder writes the answer alone: leave it out.");
        }
        boolean labeled = task == Task.CAUSAL_LM && dataset.format() == DatasetFormat.LABELED;
        require(
                labeled || dataset.templates() == null && dataset.verbalizers() == null,
                "dataset.templates and dataset.verbalizers go with task CausalLM and dataset.format Labeled: set these, or leave them out.");
        require(
                !labeled || dataset.template() == null,
                "dataset.template does not go with dataset.format Labeled: use dataset.templates.");
        require(
                !labeled || !Boolean.TRUE.equals(dataset.streaming()),
                "dataset.streaming does not go with dataset.format Labeled: leave it out.");
    }

    private void require(boolean right, String sentence) {
        if (!right) {
            found.add(sentence);
        }
    }
}
