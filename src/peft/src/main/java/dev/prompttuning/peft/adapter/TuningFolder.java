package dev.prompttuning.peft.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.peft.method.Lora;
import dev.prompttuning.peft.method.Parameters;
import dev.prompttuning.peft.method.PrefixTuning;
import dev.prompttuning.peft.method.PromptInit;
import dev.prompttuning.peft.method.PromptPerTask;
import dev.prompttuning.peft.method.PromptTuning;
import dev.prompttuning.peft.method.PromptWithLora;
import dev.prompttuning.peft.method.SoftPrompt;
import dev.prompttuning.peft.method.TrainedHead;
import dev.prompttuning.peft.method.TrainedHead.Wrapping;
import dev.prompttuning.peft.method.TunedWithHead;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.transformers.head.HeadTask;
import dev.prompttuning.transformers.head.TaskModel;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.LoadedModel;
import dev.prompttuning.transformers.seq2seq.Seq2SeqLM;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An adapter folder of any kind: a soft prompt, LoRA, or a soft prompt whose folder has LoRA beside it in a folder {@value #LORA}.
 * Of the last kind, stock PEFT loads either folder; the two together are the prompt on the model that LoRA was merged into. Or
 * prompts of several tasks, each a folder of its own.
 *
 * @param path the folder
 */
public record TuningFolder(Path path) {

    static final String LORA = "lora";

    /**
     * What an adapter was made from.
     *
     * @param init where a prompt started; only prompt tuning writes it down
     * @param tasks names of the tasks, where there are several
     */
    public record Origin(String baseModel, Optional<String> revision, PromptInit init, List<String> tasks) {}

    /** Whether there is an adapter's configuration in the folder. */
    public boolean exists() {
        return Files.exists(files().configFile()) || tasks().exists();
    }

    private AdapterFiles files() {
        return new AdapterFiles(path);
    }

    private TaskFolders tasks() {
        return new TaskFolders(path);
    }

    private TuningFolder beside() {
        return new TuningFolder(path.resolve(LORA));
    }

    /** Writes what was tuned: for the task of its head, or, without one, for the model's own. */
    public void write(Tuning tuning, LoadedModel model, Origin origin) throws IOException {
        new TuningWriter(path, model, origin).write(tuning);
    }

    /** The task that the adapter is for, by PEFT's name. */
    public String taskType() {
        return files().config().path("task_type").asText("CAUSAL_LM");
    }

    /**
     * The configuration of the one soft prompt, if there is one.
     *
     * @throws InvalidAdapterException when there are several, for different tasks
     */
    public Optional<AdapterConfig> promptConfig() {
        requireOneTask();
        return peftType().equals(LoraConfig.PEFT_TYPE)
                ? Optional.empty()
                : Optional.of(new AdapterFolder(path).config());
    }

    private void requireOneTask() {
        if (tasks().exists()) {
            throw new InvalidAdapterException(
                    "%s holds the prompts of several tasks; use the folder of one of them, such as %s"
                            .formatted(path, tasks().folders().get(0)));
        }
        if (peftType().equals(MultitaskFolder.PEFT_TYPE)) {
            throw new InvalidAdapterException(
                    "%s holds the prompts of several tasks; save one of them as plain prompt tuning and use that"
                            .formatted(path));
        }
    }

    private String peftType() {
        return files().config().path("peft_type").asText("");
    }

    /**
     * Reads the adapter, whose tensors are frozen, and checks that it fits a model. Whatever made a prompt's rows, they are used as
     * prompt tuning's or as prefix tuning's.
     *
     * @param manager owner of the tensors
     * @throws InvalidAdapterException when it is unreadable or was made for a model of another shape
     */
    public Tuning read(CausalLM model, NDManager manager) {
        requireNoHead();
        requireSeq2Seq(false);
        if (!Files.exists(files().configFile()) && tasks().exists()) {
            return new PromptPerTask(tasks().folders().stream()
                    .map(folder -> prompt(new AdapterFolder(folder).read(model.config(), manager)))
                    .toList());
        }
        switch (peftType()) {
            case LoraConfig.PEFT_TYPE:
                return new LoraFolder(path).read(model.linears(), manager);
            case MultitaskFolder.PEFT_TYPE:
                return new MultitaskFolder(path).read(model.config(), manager);
            default:
                return withLora(prompt(new AdapterFolder(path).read(model.config(), manager)), model, manager);
        }
    }

    /** As {@link #read(CausalLM, NDManager)}, of an adapter for a model with an encoder and a decoder. */
    public Tuning read(Seq2SeqLM model, NDManager manager) {
        requireOneTask();
        requireNoHead();
        requireSeq2Seq(true);
        return peftType().equals(LoraConfig.PEFT_TYPE)
                ? new LoraFolder(path).read(model.linears(), manager)
                : withLora(prompt(new AdapterFolder(path).read(model.config(), manager)), model, manager);
    }

    private void requireSeq2Seq(boolean asked) {
        if (Files.exists(files().configFile()) && taskType().equals(AdapterConfig.SEQ_2_SEQ_LM) != asked) {
            throw new InvalidAdapterException(
                    "%s is for the task %s, and the base model is not; use the base model that the adapter was trained on"
                            .formatted(path, taskType()));
        }
    }

    /**
     * As {@link #read(CausalLM, NDManager)}, of an adapter with a head, whose values take the place of those in the model's head.
     *
     * @throws InvalidAdapterException also when the adapter is for another task or other labels
     */
    public Tuning read(TaskModel model, NDManager manager) {
        TrainedHead head = TrainedHead.of(model.head());
        if (!taskType().equals(head.task().name())) {
            throw new InvalidAdapterException(
                    "%s is for the task %s, but the model was loaded for %s".formatted(path, taskType(), head.task()));
        }
        requireOneTask();
        if (peftType().equals(LoraConfig.PEFT_TYPE)) {
            new SavedHead(files(), Wrapping.LORA).load(head, manager);
            return new TunedWithHead(lora(path, head, model, manager), head);
        }
        new SavedHead(files(), Wrapping.PROMPT).load(head, manager);
        SoftPrompt prompt = prompt(new AdapterFolder(path).read(model.config(), manager));
        return new TunedWithHead(
                beside().exists() ? new PromptWithLora(prompt, lora(beside().path, head, model, manager)) : prompt,
                head);
    }

    private static Lora lora(Path folder, TrainedHead head, TaskModel model, NDManager manager) {
        return new LoraFolder(folder)
                .read(model.linears(), head.saved(Wrapping.LORA).keySet(), manager);
    }

    /** As {@link #read(CausalLM, NDManager)}, of an adapter that has the same prompt for everything. */
    public Tuning readForOneTask(CausalLM model, NDManager manager) {
        requireOneTask();
        return read(model, manager);
    }

    private void requireNoHead() {
        if (Files.exists(files().configFile())
                && Arrays.stream(HeadTask.values()).anyMatch(task -> task.name().equals(taskType()))) {
            throw new InvalidAdapterException(
                    "%s is for the task %s, and so does not generate text; evaluate it with its job"
                            .formatted(path, taskType()));
        }
    }

    private Tuning withLora(SoftPrompt prompt, LoadedModel model, NDManager manager) {
        return beside().exists()
                ? new PromptWithLora(prompt, new LoraFolder(beside().path).read(model.linears(), manager))
                : prompt;
    }

    private static SoftPrompt prompt(Adapter adapter) {
        Map<String, NDArray> rows = Map.of(PromptTuning.EMBEDDING, adapter.promptEmbeddings());
        return adapter.config().peftType().isKeyValues()
                ? new PrefixTuning(new Parameters(rows), OptionalInt.empty())
                : new PromptTuning(new Parameters(rows), adapter.submodules());
    }

    /** Copies the adapter's own files, without those of folders in it. */
    public void copyFilesTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Path file : files().present()) {
            Files.copy(file, folder.resolve(file.getFileName()));
        }
    }

    /** Bytes of PEFT's files. */
    public long bytes() {
        try {
            long bytes = 0;
            for (Path file : all()) {
                bytes += Files.size(file);
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code sha256:…} over PEFT's files, one after the other. */
    public String digest() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (Path file : all()) {
                sha256.update(Files.readAllBytes(file));
            }
            return "sha256:" + HexFormat.of().formatHex(sha256.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private List<Path> all() {
        List<Path> all = new ArrayList<>(files().present());
        all.addAll(beside().files().present());
        tasks().folders().forEach(folder -> all.addAll(new AdapterFiles(folder).present()));
        return all;
    }
}
