package dev.prompttuning.peft.adapter;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.peft.lora.LoraTargets;
import dev.prompttuning.peft.method.Lora;
import dev.prompttuning.peft.method.MultitaskPromptTuning;
import dev.prompttuning.peft.method.SoftPrompt;
import dev.prompttuning.peft.method.TaskPrompts;
import dev.prompttuning.peft.method.TrainedHead;
import dev.prompttuning.peft.method.TrainedHead.Wrapping;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.model.LinearMap;
import dev.prompttuning.transformers.model.LoadedModel;
import dev.prompttuning.transformers.seq2seq.Seq2SeqLM;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes what {@link TuningFolder} reads. */
record TuningWriter(Path path, LoadedModel model, TuningFolder.Origin origin) {

    void write(Tuning tuning) throws IOException {
        if (tuning instanceof TaskPrompts prompts) {
            new TaskFolders(path).write(prompts, model.config(), origin);
            if (prompts instanceof MultitaskPromptTuning multitask) {
                new MultitaskFolder(path).write(multitask, model.config(), origin);
            }
            return;
        }
        if (tuning.prompt().isPresent()) {
            write(tuning.prompt().get(), tuning.head());
        }
        if (tuning.lora().isPresent()) {
            Path folder = tuning.prompt().isPresent() ? path.resolve(TuningFolder.LORA) : path;
            write(new LoraFolder(folder), tuning.lora().get(), tuning.head());
        }
    }

    private void write(SoftPrompt prompt, Optional<TrainedHead> head) throws IOException {
        AdapterConfig config = AdapterConfig.causal(
                        prompt, origin.init(), model.config(), origin.baseModel(), origin.revision())
                .forTask(task(head), modulesToSave(head));
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            new AdapterFolder(path).write(config, prompt.promptEmbeddings(), saved(head, Wrapping.PROMPT));
        }
    }

    private void write(LoraFolder folder, Lora lora, Optional<TrainedHead> head) throws IOException {
        boolean transposed = LoraTargets.matching(lora.settings().targetModules(), model.linears()).stream()
                .anyMatch(LinearMap::transposed);
        LoraConfig config = new LoraConfig(
                lora.settings(), task(head), origin.baseModel(), origin.revision(), transposed, modulesToSave(head));
        folder.write(config, lora, saved(head, Wrapping.LORA));
    }

    private String task(Optional<TrainedHead> head) {
        String text = model instanceof Seq2SeqLM ? AdapterConfig.SEQ_2_SEQ_LM : "CAUSAL_LM";
        return head.map(trained -> trained.task().name()).orElse(text);
    }

    private static List<String> modulesToSave(Optional<TrainedHead> head) {
        return head.map(TrainedHead::modulesToSave).orElse(List.of());
    }

    private static Map<String, NDArray> saved(Optional<TrainedHead> head, Wrapping wrapping) {
        return head.map(trained -> trained.saved(wrapping)).orElse(Map.of());
    }
}
