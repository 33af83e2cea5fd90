package dev.prompttuning.training.golden;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.peft.adapter.LoraFolder;
import dev.prompttuning.peft.causal.Lanes;
import dev.prompttuning.peft.method.FullFineTuning;
import dev.prompttuning.peft.method.Lora;
import dev.prompttuning.peft.method.PTuning;
import dev.prompttuning.peft.method.Parameters;
import dev.prompttuning.peft.method.PrefixTuning;
import dev.prompttuning.peft.method.PromptEncoder;
import dev.prompttuning.peft.method.PromptTuning;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.transformers.head.HeadTask;
import dev.prompttuning.transformers.model.LoadedModel;
import dev.prompttuning.transformers.model.TokenLayout;
import dev.prompttuning.transformers.safetensors.SafeTensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** One folder of the golden cases: a model, a batch, and what PEFT computed with them. */
record GoldenCase(Path folder, JsonNode json) {

    static GoldenCase open(Path folder) {
        try {
            return new GoldenCase(
                    folder,
                    new ObjectMapper().readTree(folder.resolve("case.json").toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }

    boolean isFull() {
        return method().equals("full");
    }

    boolean isCausal() {
        return json.get("task").asText().equals("CAUSAL_LM");
    }

    boolean isSeq2Seq() {
        return json.get("task").asText().equals("SEQ_2_SEQ_LM");
    }

    /** Stacks of layers that there are rows for in prompt tuning and P-tuning. */
    private int submodules() {
        return isSeq2Seq() ? 2 : 1;
    }

    /** Whether the task is one that a head is for. */
    boolean hasHead() {
        return Arrays.stream(HeadTask.values())
                .anyMatch(task -> task.name().equals(json.get("task").asText()));
    }

    String method() {
        return json.get("method").asText();
    }

    Path model() {
        return folder.resolve("../../models").resolve(json.get("family").asText());
    }

    /** All tensors of one of the case's files. */
    Map<String, NDArray> tensors(String file, NDManager manager) {
        try (SafeTensors tensors = SafeTensors.open(folder.resolve(file))) {
            Map<String, NDArray> all = new LinkedHashMap<>();
            tensors.names().forEach(name -> all.put(name, tensors.load(name, manager, true)));
            return all;
        }
    }

    Tuning tuning(LoadedModel model) {
        if (method().equals("full")) {
            return new FullFineTuning(new Parameters(model.weights()));
        }
        Map<String, NDArray> init = tensors("trainable_init.safetensors", model.manager());
        return tuning(Parameters.copied(init, model.manager()));
    }

    /** The method with given parameters; not for full fine-tuning. */
    Tuning tuning(Parameters parameters) {
        return switch (method()) {
            case "prompt-random", "prompt-text" -> new PromptTuning(parameters, submodules());
            case "ptuning-mlp" ->
                new PTuning(
                        parameters,
                        new PromptEncoder.Mlp(rows(parameters, "prompt_encoder.default.mlp_head.0.bias"), 2, 0),
                        submodules());
            case "ptuning-lstm" ->
                new PTuning(
                        parameters,
                        new PromptEncoder.Lstm(
                                rows(parameters, "prompt_encoder.default.lstm_head.bias_hh_l0") / 4, 2, 0),
                        submodules());
            case "prefix" -> new PrefixTuning(parameters, OptionalInt.empty());
            case "prefix-mlp" ->
                new PrefixTuning(
                        parameters, OptionalInt.of(rows(parameters, "prompt_encoder.default.transform.0.bias")));
            case "lora" ->
                new Lora(
                        parameters,
                        new LoraFolder(folder.resolve("adapter_init")).config().settings());
            default -> throw new IllegalStateException("No method " + method());
        };
    }

    private static int rows(Parameters tensors, String name) {
        return (int) tensors.get(name).getShape().get(0);
    }

    /** The batch as PEFT saw it: one lane a row, padded on the right. */
    Lanes padded(NDManager manager, int numVirtualTokens) {
        Map<String, NDArray> batch = tensors("batch.safetensors", manager);
        long[][] ids = rows(batch.get("input_ids"));
        long[][] mask = rows(batch.get("attention_mask"));
        long[][] labels = rows(batch.get("labels"));
        int length = ids[0].length;
        int[][] positions = new int[ids.length][length];
        int[][] segments = new int[ids.length][length];
        long[][] targets = new long[ids.length][length];
        for (int row = 0; row < ids.length; row++) {
            for (int i = 0; i < length; i++) {
                positions[row][i] = numVirtualTokens + i;
                segments[row][i] = mask[row][i] == 1 ? 1 : TokenLayout.PADDING;
                targets[row][i] = i + 1 < length ? labels[row][i + 1] : Lanes.IGNORED;
            }
        }
        return new Lanes(ids, new TokenLayout(positions, segments), targets);
    }

    /** The same rows in one lane, without padding. */
    Lanes packed(NDManager manager, int numVirtualTokens) {
        Lanes padded = padded(manager, numVirtualTokens);
        int total = 0;
        for (int[] row : padded.layout().segments()) {
            total += (int) Arrays.stream(row).filter(segment -> segment == 1).count();
        }
        long[] ids = new long[total];
        long[] targets = new long[total];
        int[] positions = new int[total];
        int[] segments = new int[total];
        int next = 0;
        for (int row = 0; row < padded.tokenIds().length; row++) {
            for (int i = 0; i < padded.layout().length(); i++) {
                if (padded.layout().segments()[row][i] == 1) {
                    ids[next] = padded.tokenIds()[row][i];
                    targets[next] = padded.targets()[row][i];
                    positions[next] = numVirtualTokens + i;
                    segments[next++] = row + 1;
                }
            }
        }
        return new Lanes(
                new long[][] {ids},
                new TokenLayout(new int[][] {positions}, new int[][] {segments}),
                new long[][] {targets});
    }

    static long[][] rows(NDArray matrix) {
        long[] flat = matrix.toLongArray();
        int columns = (int) matrix.getShape().get(1);
        long[][] rows = new long[flat.length / columns][];
        Arrays.setAll(rows, row -> Arrays.copyOfRange(flat, row * columns, (row + 1) * columns));
        return rows;
    }
}
