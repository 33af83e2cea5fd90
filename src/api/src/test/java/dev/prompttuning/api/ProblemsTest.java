package dev.prompttuning.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.prompttuning.api.manifest.Manifest;
import dev.prompttuning.api.manifest.Manifests;
import dev.prompttuning.api.validation.Problems;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            baseModel: | baseModel:\\n    quantization: Int8\\n    dtype: BFloat16 | baseModel.quantization Int8 is a number format itself: leave baseModel.dtype out.
            promptTuning: | lora: {rank: 0}\\n    promptTuning: | method.lora.rank is 0: set it to 1 or more.
            promptTuning: | lora: {rank: 4, dropout: 1}\\n    promptTuning: | method.lora.dropout is 1.0: set it to 0 or more and below 1.
            numVirtualTokens: 20 | numVirtualTokens: 0 | method.promptTuning.numVirtualTokens is 0: set it to 1 or more.
            output: | training: {epochs: 1, maxSteps: 1}\\n  output: | training.epochs and training.maxSteps exclude each other: leave one of them out.
            output: | training: {evaluation: {steps: 5}}\\n  output: | training.evaluation needs rows to evaluate: set dataset.evaluation or dataset.evaluationSplit.
            train: | maskHistory: true\\n    train: | dataset.chatTemplate and dataset.maskHistory are for conversations: set format to ShareGPT or Messages, or leave them out.
            train: | format: Messages\\n    template: {prompt: x}\\n    train: | dataset.template does not go with conversations: use dataset.chatTemplate.
            claimName: adapters | path: x | output.persistentVolumeClaim.claimName is missing: name the claim the adapter goes to.
            """)
    void jobProblemsNameFieldAndRemedy(String right, String wrong, String sentence) {
        String text = ManifestsTest.JOB.replaceFirst(right, wrong.replace("\\n", "\n"));
        var job = assertInstanceOf(
                Manifest.Job.class, new Manifests().read(text, "job.yaml").get(0));
        assertEquals(List.of(sentence), Problems.of(job.spec()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            train: | format: Text\\n    train: | dataset.format does not go with task Seq2SeqLM: use Alpaca or PromptCompletion.
            train: | format: Messages\\n    train: | dataset.format does not go with task Seq2SeqLM: use Alpaca or PromptCompletion.
            train: | trainOnPrompt: true\\n    train: | dataset.trainOnPrompt does not go with task Seq2SeqLM, whose decoder writes the answer alone: leave it out.
            (?s)promptTuning:.*negative."} | prefixTuning: {numVirtualTokens: 5, init: {type: Text, text: a}} | method.prefixTuning.init Text does not go with task Seq2SeqLM: use Zero, or leave init out.
            (?s)method:(.*)train: | method:\\n    promptPerTask: true$1tasks: {names: [a, b]}\\n    train: | method has a prompt for each task, which goes with task CausalLM only: use promptTuning.
            """)
    void problemsOfAnEncoderAndADecoderToo(String right, String wrong, String sentence) {
        String text = ManifestsTest.JOB
                .replaceFirst(right, wrong.replace("\\n", "\n"))
                .replace("  method:", "  task: Seq2SeqLM\n  method:");
        var job = assertInstanceOf(
                Manifest.Job.class, new Manifests().read(text, "job.yaml").get(0));
        assertEquals(List.of(sentence), Problems.of(job.spec()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            task: CausalLM | Bleu | Alpaca |
            task: CausalLM | Bleu | Text | training.evaluation.metric Bleu compares answers, and rows of dataset.format Text have none: use Loss or another format.
            task: CausalLM | Perplexity | Text |
            task: CausalLM | MacroF1 | Alpaca | training.evaluation.metric MacroF1 does not go with task CausalLM: use one of Loss, Perplexity, ExactMatch, AnswerExactMatch, AnswerF1, Bleu, Rouge1, Rouge2, RougeL.
            task: TokenClassification, labels: [O, B-X] | EntityF1 | Labeled |
            task: SequenceClassification, labels: [a, b] | EntityF1 | Labeled | training.evaluation.metric EntityF1 does not go with task SequenceClassification: use one of Loss, ExactMatch, Accuracy, MacroF1, MicroF1.
            task: QuestionAnswering | AnswerF1 | Labeled |
            task: QuestionAnswering | Rouge1 | Labeled | training.evaluation.metric Rouge1 does not go with task QuestionAnswering: use one of Loss, ExactMatch, Accuracy, AnswerExactMatch, AnswerF1.
            """)
    void aMetricGoesWithItsTask(String task, String metric, String format, String sentence) {
        String text =
                """
                apiVersion: prompttuning.dev/v1alpha1
                kind: PromptTuningJob
                metadata: {name: judged}
                spec: {TASK, baseModel: {uri: "https://models.example/m"}, method: {lora: {rank: 2}},
                  dataset: {train: {persistentVolumeClaim: {claimName: data}}, evaluationSplit: 0.1, format: FORMAT},
                  training: {evaluation: {metric: METRIC}}, output: {persistentVolumeClaim: {claimName: out}}}
                """
                        .replace("TASK", task)
                        .replace("METRIC", metric)
                        .replace("FORMAT", format);
        var job = assertInstanceOf(
                Manifest.Job.class, new Manifests().read(text, "job.yaml").get(0));
        assertEquals(sentence == null ? List.of() : List.of(sentence), Problems.of(job.spec()));
    }

    @Test
    void serverProblemsNameFieldAndRemedy() {
        String twice = "- {name: movies, job: {name: movies}}";
        String text = ManifestsTest.SERVE.replace(twice, twice + "\n  " + twice)
                + "  auth: {apiKeysSecretRef: {name: keys}}\n";
        var serve = assertInstanceOf(
                Manifest.Serve.class, new Manifests().read(text, "serve.yaml").get(0));
        assertEquals(
                List.of(
                        "adapters[1].name is movies, which another adapter has: choose another name.",
                        "auth is not supported yet in this version: leave it out and guard the service by a"
                                + " NetworkPolicy."),
                Problems.of(serve.spec()));
    }
}
