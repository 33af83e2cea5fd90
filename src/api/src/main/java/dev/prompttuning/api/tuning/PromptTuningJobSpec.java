package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.prompttuning.api.model.BaseModel;
import dev.prompttuning.api.pod.PodSettings;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What a user asks of a training run. Only {@code runPolicy} may change later; another run is another resource. */
@ValidationRule(value = "self.baseModel == oldSelf.baseModel", message = "baseModel cannot change: make another job")
@ValidationRule(value = "self.method == oldSelf.method", message = "method cannot change: make another job")
@ValidationRule(value = "self.dataset == oldSelf.dataset", message = "dataset cannot change: make another job")
@ValidationRule(value = "self.output == oldSelf.output", message = "output cannot change: make another job")
@ValidationRule(
        value = "has(self.task) == has(oldSelf.task) && (!has(self.task) || self.task == oldSelf.task)",
        message = "task cannot change: make another job")
@ValidationRule(
        value = "has(self.labels) == has(oldSelf.labels) && (!has(self.labels) || self.labels == oldSelf.labels)",
        message = "labels cannot change: make another job")
@ValidationRule(
        value =
                "has(self.training) == has(oldSelf.training) && (!has(self.training) || self.training == oldSelf.training)",
        message = "training cannot change: make another job")
@ValidationRule(
        value = "has(self.pod) == has(oldSelf.pod) && (!has(self.pod) || self.pod == oldSelf.pod)",
        message = "pod cannot change: make another job")
@ValidationRule(
        value = "!has(self.training) || !has(self.training.evaluation) || !has(self.training.evaluation.metric)"
                + " || self.training.evaluation.metric in ['Loss', 'ExactMatch']"
                + " || self.training.evaluation.metric in"
                + " ((!has(self.task) || self.task == 'CausalLM') && has(self.dataset.format) && self.dataset.format == 'Labeled' ?"
                + " ['Accuracy', 'MacroF1', 'MicroF1'] :"
                + " !has(self.task) || self.task in ['CausalLM', 'Seq2SeqLM'] ?"
                + " ['Perplexity', 'AnswerExactMatch', 'AnswerF1', 'Bleu', 'Rouge1', 'Rouge2', 'RougeL'] :"
                + " self.task == 'QuestionAnswering' ? ['Accuracy', 'AnswerExactMatch', 'AnswerF1'] :"
                + " self.task == 'TokenClassification' ? ['Accuracy', 'MacroF1', 'MicroF1', 'EntityF1'] :"
                + " ['Accuracy', 'MacroF1', 'MicroF1'])",
        message =
                "training.evaluation.metric does not go with task: all tasks have Loss and ExactMatch; CausalLM and Seq2SeqLM have Perplexity, AnswerExactMatch, AnswerF1, Bleu, Rouge1, Rouge2 and RougeL; tasks with a head and CausalLM with dataset.format Labeled have Accuracy; classifications of either kind have MacroF1 and MicroF1, TokenClassification has EntityF1, and QuestionAnswering AnswerExactMatch and AnswerF1")
@ValidationRule(
        value =
                "!has(self.method.fullFineTuning) || !has(self.baseModel.quantization) || self.baseModel.quantization != 'Int8'",
        message = "fullFineTuning trains the weights, which baseModel.quantization Int8 freezes: leave one of them out")
@ValidationRule(
        value =
                "!has(self.dataset.templates) && !has(self.dataset.verbalizers) || !has(self.task) || self.task == 'CausalLM'",
        message = "dataset.templates and dataset.verbalizers are for task CausalLM")
@ValidationRule(
        value =
                "!has(self.dataset.verbalizers) || has(self.labels) && self.labels.all(label, label in self.dataset.verbalizers)",
        message = "dataset.verbalizers must have each of the labels")
public record PromptTuningJobSpec(
        @Required @JsonPropertyDescription("The model that is tuned.") BaseModel baseModel,
        @Default("CausalLM") @JsonPropertyDescription("What the model is tuned for.") Task task,
        @Size(max = 1000)
                @JsonPropertyDescription(
                        "Labels of a text or token classification, in the order of their numbers; for task CausalLM with dataset.format Labeled too.")
                List<String> labels,
        @Required @JsonPropertyDescription("What is learned.") Method method,
        @Required @JsonPropertyDescription("What is learned from.") Dataset dataset,
        @JsonPropertyDescription("How it is learned.") Training training,
        @Required @JsonPropertyDescription("Where the adapter goes.") Output output,
        @JsonPropertyDescription("Where the pod runs and what it gets.") PodSettings pod,
        @JsonPropertyDescription("How the run is started, repeated and cleared away.") RunPolicy runPolicy) {

    /** The name requests will use: {@code output.adapterName}, or the job's own. */
    public String adapterName(String jobName) {
        return output != null && output.adapterName() != null ? output.adapterName() : jobName;
    }

    /** Whether the model is tuned with a head of its own, rather than to write. */
    public boolean hasHead() {
        return task != null && task.hasHead();
    }

    /** Whether a language model is to tell labels by the words for them. */
    public boolean tellsLabelsByWords() {
        return (task == null || task == Task.CAUSAL_LM) && dataset != null && dataset.format() == DatasetFormat.LABELED;
    }

    /** What kind of answers are judged: labels, also where a language model says them. */
    public Task judgedTask() {
        return tellsLabelsByWords() ? Task.SEQUENCE_CLASSIFICATION : task == null ? Task.CAUSAL_LM : task;
    }

    /** Whether the run is asked to wait. */
    public boolean suspended() {
        return runPolicy != null && Boolean.TRUE.equals(runPolicy.suspend());
    }
}
