package dev.prompttuning.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.api.contract.ContractJson;
import dev.prompttuning.api.contract.MethodConfig;
import dev.prompttuning.api.contract.Mounts;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.contract.TrainConfigs;
import dev.prompttuning.api.manifest.InvalidManifestException;
import dev.prompttuning.api.manifest.Manifest;
import dev.prompttuning.api.manifest.Manifests;
import dev.prompttuning.api.tuning.DatasetFormat;
import dev.prompttuning.api.tuning.PromptInitType;
import dev.prompttuning.api.tuning.Task;
import dev.prompttuning.api.validation.Problems;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestsTest {
    static final String JOB =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: PromptTuningJob
            metadata: {name: movies}
            spec:
              baseModel:
                persistentVolumeClaim: {claimName: models, path: smollm2}
              method:
                promptTuning:
                  numVirtualTokens: 20
                  init: {type: Text, text: "Positive or negative?"}
              dataset:
                train:
                  persistentVolumeClaim: {claimName: data, path: movies.train.jsonl}
              output:
                persistentVolumeClaim: {claimName: adapters}
              pod:
                tolerations:
                - {key: gpu, operator: Exists}
            """;

    @Test
    void resolvesDefaultsAndPaths() {
        Manifest.Job job = job(JOB);
        TrainConfig config = TrainConfigs.of(job.spec(), job.name(), Mounts.inPod());
        assertEquals(
                "/mnt/prompttuning/claims/models/smollm2", config.baseModel().path());
        assertEquals("/mnt/prompttuning/claims/adapters/movies", config.output().path());
        assertEquals(new MethodConfig.PromptTuning(20, PromptInitType.TEXT, "Positive or negative?"), config.method());
        assertEquals(0.01, config.training().learningRate());
        assertEquals(8, config.training().batchSize());
        assertEquals(config, ContractJson.read(ContractJson.write(config), TrainConfig.class));
        assertEquals(List.of(), Problems.of(job.spec()));
    }

    @Test
    void loraStandsAloneAndBesideAPrompt() {
        String alone = JOB.replaceFirst("promptTuning:(?s).*?dataset:", "lora: {rank: 8}\n  dataset:");
        String beside =
                JOB.replace("promptTuning:", "lora: {rank: 8, alpha: 4, targetModules: [q_proj]}\n    promptTuning:");
        assertEquals(new MethodConfig.Lora(8, 16, 0, false, null), config(alone).method());
        assertEquals(2e-4, config(alone).training().learningRate());
        assertEquals("LoRA", config(alone).method().label());
        MethodConfig.PromptWithLora both = assertInstanceOf(
                MethodConfig.PromptWithLora.class, config(beside).method());
        assertEquals(new MethodConfig.Lora(8, 4, 0, false, List.of("q_proj")), both.lora());
        assertEquals("PromptTuning+LoRA", both.label());
        assertEquals(config(beside), ContractJson.read(ContractJson.write(config(beside)), TrainConfig.class));
    }

    @Test
    void classificationNeedsItsLabels() {
        String job =
                JOB.replaceFirst("\\n  method:", "\n  task: SequenceClassification\n  labels: [bad, good]\n  method:");
        assertEquals(List.of(), Problems.of(job(job).spec()));
        TrainConfig config = config(job);
        assertEquals(Task.SEQUENCE_CLASSIFICATION, config.task());
        assertEquals(List.of("bad", "good"), config.labels());
        assertEquals(DatasetFormat.LABELED, config.dataset().format());
        assertEquals(
                List.of("labels has fewer than two entries: list all labels, in the order of their numbers."),
                Problems.of(job(job.replace("  labels: [bad, good]\n", "")).spec()));
        assertEquals(
                List.of("labels names a label twice: name each once."),
                Problems.of(job(job.replace("bad, good", "good, good")).spec()));
        assertEquals(
                List.of(
                        "labels go with SequenceClassification, TokenClassification and dataset.format Labeled only: leave them"
                                + " out."),
                Problems.of(job(job.replace("SequenceClassification", "QuestionAnswering"))
                        .spec()));
    }

    @Test
    void causalModelsSayLabelsByWords() {
        String job = JOB.replaceFirst("\\n  method:", "\n  labels: [bad, good]\n  method:")
                .replaceFirst("    train:", "    format: Labeled\n    train:");
        assertEquals(List.of(), Problems.of(job(job).spec()));
        assertEquals(List.of("{text}\nLabel: {label}"), config(job).dataset().templates());
        assertEquals(
                Map.of("bad", List.of("bad"), "good", List.of("good")),
                config(job).dataset().verbalizers());
        String words = job.replaceFirst(
                "    train:",
                "    verbalizers: {bad: ['no', never], good: ['yes']}\n    templates: ['{text} {label}']\n    train:");
        assertEquals(List.of(), Problems.of(job(words).spec()));
        assertEquals(
                List.of("no", "never"), config(words).dataset().verbalizers().get("bad"));
        assertEquals(config(words), ContractJson.read(ContractJson.write(config(words)), TrainConfig.class));
        assertEquals(
                List.of("dataset.verbalizers has no word for the label bad: give it one."),
                Problems.of(job(words.replace("bad: ['no', never], ", "")).spec()));
        assertEquals(
                List.of("dataset.verbalizers names fair, which is none of the labels: correct one of them."),
                Problems.of(job(words.replace("good: ['yes']", "good: ['yes'], fair: [so]"))
                        .spec()));
        assertEquals(
                List.of(
                        "dataset.templates and dataset.verbalizers go with task CausalLM and dataset.format Labeled: set these, or leave them out."),
                Problems.of(job(words.replaceFirst("  labels", "  task: SequenceClassification\n  labels"))
                        .spec()));
        assertEquals(
                List.of("labels has fewer than two entries: list all labels, in the order of their numbers."),
                Problems.of(job(job.replace("  labels: [bad, good]\n", "")).spec()));
    }

    @Test
    void tasksAreForMethodsThatKnowThem() {
        String tasks = "tasks: {names: [stars, topic]}\n    train:";
        String perTask = JOB.replace("promptTuning:", "promptPerTask: true\n    promptTuning:")
                .replace("train:", tasks);
        String multitask =
                JOB.replaceFirst("promptTuning:", "multitaskPromptTuning:").replace("train:", tasks);
        assertEquals(
                new TrainConfig.Tasks("task", List.of("stars", "topic")),
                config(perTask).dataset().tasks());
        assertEquals("PromptTuningPerTask", config(perTask).method().label());
        assertEquals(
                new MethodConfig.MultitaskPromptTuning(20, 1, PromptInitType.TEXT, "Positive or negative?"),
                config(multitask).method());
        assertEquals(config(perTask), ContractJson.read(ContractJson.write(config(perTask)), TrainConfig.class));
        assertEquals(
                List.of("dataset.tasks is missing: name the tasks that method is to make prompts for."),
                Problems.of(job(perTask.replace("tasks: {names: [stars, topic]}", "format: Text"))
                        .spec()));
    }

    private static TrainConfig config(String text) {
        Manifest.Job job = job(text);
        assertEquals(List.of(), Problems.of(job.spec()));
        return TrainConfigs.of(job.spec(), job.name(), Mounts.inPod());
    }

    @Test
    void readsEveryDocument() {
        List<Manifest> read = new Manifests()
                .read(JOB + "---\nkind: ConfigMap\nmetadata: {name: rows}\ndata: {a.jsonl: '{}'}\n", "job.yaml");
        assertEquals(2, read.size());
        assertEquals(
                "{}",
                assertInstanceOf(Manifest.ConfigMap.class, read.get(1)).data().get("a.jsonl"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            numVirtualTokens: 20 | numVirtualTokens: many | spec.method.promptTuning.numVirtualTokens is "many"
            numVirtualTokens: 20 | numVirtualTokenz: 20 | spec.method.promptTuning.numVirtualTokenz is not a known field
            type: Text | type: Txt | use one of Random, SampleVocab, Text
            prompttuning.dev/v1alpha1 | prompttuning.dev/v1 | set prompttuning.dev/v1alpha1
            kind: PromptTuningJob | kind: | lacks kind or metadata.name
            """)
    void saysWhatIsWrong(String right, String wrong, String sentence) {
        var error = assertThrows(InvalidManifestException.class, () -> job(JOB.replace(right, wrong)));
        assertTrue(error.getMessage().contains(sentence), error.getMessage());
    }

    /** Those who train without a cluster have no Kubernetes client. */
    @Test
    void needsNoKubernetesModel() throws Exception {
        List<URL> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            String name = Path.of(entry).getFileName().toString();
            if (!name.startsWith("kubernetes-") && !name.startsWith("crd-generator")) {
                path.add(Path.of(entry).toUri().toURL());
            }
        }
        try (var loader = new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            assertThrows(
                    ClassNotFoundException.class, () -> loader.loadClass("io.fabric8.kubernetes.api.model.Affinity"));
            Class<?> type = loader.loadClass(Manifests.class.getName());
            Object manifests = type.getConstructor().newInstance();
            Object read = type.getMethod("read", String.class, String.class)
                    .invoke(manifests, JOB + "---\n" + SERVE, "job.yaml");
            assertEquals(2, ((List<?>) read).size());
        }
    }

    static final String SERVE =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: AdapterServe
            metadata: {name: movies}
            spec:
              baseModel:
                huggingFace: {repo: HuggingFaceTB/SmolLM2-135M}
              adapters:
              - {name: movies, job: {name: movies}}
              adapterSelector:
                matchLabels: {team: a}
            """;

    private static Manifest.Job job(String text) {
        return assertInstanceOf(
                Manifest.Job.class, new Manifests().read(text, "job.yaml").get(0));
    }
}
