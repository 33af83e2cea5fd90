package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/** What is learned from. */
@ValidationRule(
        value =
                "has(self.format) && self.format in ['ShareGPT', 'Messages'] || !has(self.chatTemplate) && !(has(self.maskHistory) && self.maskHistory)",
        message = "chatTemplate and maskHistory are for the formats ShareGPT and Messages")
@ValidationRule(
        value = "!has(self.template) || !(has(self.format) && self.format in ['ShareGPT', 'Messages'])",
        message = "the formats ShareGPT and Messages take chatTemplate instead of template")
@ValidationRule(
        value =
                "!has(self.templates) && !has(self.verbalizers) || has(self.format) && self.format == 'Labeled' && !has(self.template)",
        message = "templates and verbalizers are for the format Labeled, and stand in place of template")
@ValidationRule(
        value = "!(has(self.evaluation) && has(self.evaluationSplit))",
        message = "evaluation and evaluationSplit exclude each other")
public record Dataset(
        @Required @JsonPropertyDescription("The rows to learn.") DataSource train,
        @JsonPropertyDescription("Rows held out for evaluation.") DataSource evaluation,
        @JsonPropertyDescription(
                        "What a row looks like. Default: Labeled for a task with labels or answers to find, otherwise Alpaca.")
                DatasetFormat format,
        @JsonPropertyDescription(
                        "Names of the columns in the dataset by their names in the format, for example {instruction: question, output: answer}.")
                Map<String, String> columns,
        @JsonPropertyDescription("How a row becomes a prompt and an answer. Default: the format's own template.")
                Template template,
        @Size(min = 1, max = 16)
                @JsonPropertyDescription(
                        "How a labelled text is asked for its label by a causal model, one or several ways, for example \"{text}\\nIt was {label}.\". Each is learned, and all vote. Default: \"{text}\\nLabel: {label}\".")
                List<String> templates,
        @JsonPropertyDescription(
                        "What a causal model says for each label, for example {positive: [great], negative: [terrible]}. The first of several is learned, all are counted. Default: the label itself.")
                Map<String, List<String>> verbalizers,
        @Min(8)
                @Max(1048576)
                @Default("512")
                @JsonPropertyDescription(
                        "Longest row in tokens, without virtual tokens; a longer prompt is cut, the answer is kept.")
                Integer maxLength,
        @Min(value = 0, inclusive = false)
                @Max(value = 1, inclusive = false)
                @JsonPropertyDescription(
                        "Share of the training rows held out for evaluation when evaluation is absent.")
                Double evaluationSplit,
        @Default("false") @JsonPropertyDescription("Whether the prompt is learned too; else only the answer.")
                Boolean trainOnPrompt,
        @Size(min = 1, max = 262144)
                @JsonPropertyDescription(
                        "How a conversation becomes text, in Jinja, for formats ShareGPT and Messages. Default: the base model's.")
                String chatTemplate,
        @Default("false")
                @JsonPropertyDescription(
                        "Whether only the assistant's last answer is learned of a conversation; else all it says.")
                Boolean maskHistory,
        @JsonPropertyDescription(
                        "Whether rows are kept in a file of the pod's scratch space instead of in memory, for task CausalLM. Default: when they would take a quarter of the Java heap.")
                Boolean streaming,
        @JsonPropertyDescription("The tasks that rows are of, for methods with a prompt for each task.") Tasks tasks) {}
