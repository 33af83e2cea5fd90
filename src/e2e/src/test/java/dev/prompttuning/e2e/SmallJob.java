package dev.prompttuning.e2e;

import java.util.Map;
import java.util.TreeMap;

/** A job on the quickstart's model and data, as short or as long as a test wants it, as YAML. */
public final class SmallJob {
    private static final String YAML =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: PromptTuningJob
            metadata:
              name: ${name}
              labels: {purpose: e2e}
            spec:
              baseModel:
                persistentVolumeClaim: {claimName: quickstart, path: ${model}}
              method:
                promptTuning: {numVirtualTokens: 8, init: {type: SampleVocab}}
              dataset:
                train:
                  persistentVolumeClaim: {claimName: quickstart, path: ${data}}
                format: PromptCompletion
                maxLength: 128
                template: {prompt: ${prompt}, answer: ${answer}}
              training:
                maxSteps: ${steps}
                batchSize: ${batch}
                learningRate: 0.03
                loggingSteps: 10
                checkpoint: {steps: ${checkpoint}}
              output:
                persistentVolumeClaim: {claimName: ${output}}
              pod: ${pod}
              runPolicy: ${runPolicy}
            """;

    private final Map<String, String> values;

    private SmallJob(Map<String, String> values) {
        this.values = values;
    }

    public static SmallJob named(String name) {
        Map<String, String> values = new TreeMap<>();
        values.put("name", name);
        values.put("model", "model");
        values.put("data", "train.jsonl");
        values.put("prompt", "\"{prompt}\"");
        values.put("answer", "\"{completion}\"");
        values.put("steps", "60");
        values.put("batch", "16");
        values.put("checkpoint", "20");
        values.put("output", "adapters");
        values.put("pod", "{}");
        values.put("runPolicy", "{}");
        return new SmallJob(values);
    }

    public String name() {
        return values.get("name");
    }

    private SmallJob with(String name, String value) {
        Map<String, String> changed = new TreeMap<>(values);
        changed.put(name, value);
        return new SmallJob(changed);
    }

    public SmallJob steps(int steps) {
        return with("steps", Integer.toString(steps));
    }

    /** Rows of one step. */
    public SmallJob batch(int rows) {
        return with("batch", Integer.toString(rows));
    }

    /** Steps between two checkpoints. */
    public SmallJob checkpointEvery(int steps) {
        return with("checkpoint", Integer.toString(steps));
    }

    /** The model's folder on the claim {@code quickstart}. */
    public SmallJob model(String folder) {
        return with("model", folder);
    }

    /** The data's file on the claim {@code quickstart}. */
    public SmallJob data(String file) {
        return with("data", file);
    }

    /** Learns answers to chat messages instead of the text that follows. */
    public SmallJob chat() {
        return with("prompt", "\"<|im_start|>user\\n{prompt}<|im_end|>\\n<|im_start|>assistant\\n\"");
    }

    /** The claim for the adapter. */
    public SmallJob output(String claim) {
        return with("output", claim);
    }

    /** {@code spec.pod} as YAML in one line. */
    public SmallJob pod(String yaml) {
        return with("pod", yaml);
    }

    /** {@code spec.runPolicy} as YAML in one line. */
    public SmallJob runPolicy(String yaml) {
        return with("runPolicy", yaml);
    }

    public String yaml() {
        String text = YAML;
        for (var value : values.entrySet()) {
            text = text.replace("${" + value.getKey() + "}", value.getValue());
        }
        return text;
    }
}
