package dev.prompttuning.peft.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.peft.method.MultitaskPromptTuning;
import dev.prompttuning.peft.method.Parameters;
import dev.prompttuning.peft.method.PromptInit;
import dev.prompttuning.peft.method.PromptTuning;
import dev.prompttuning.transformers.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An adapter folder that holds a multitask prompt.
 *
 * @param path the folder
 */
public record MultitaskFolder(Path path) {

    /** PEFT's name for it. */
    public static final String PEFT_TYPE = "MULTITASK_PROMPT_TUNING";

    private static final Map<String, String> SAVED = Map.of(
            PromptTuning.EMBEDDING, "prompt_embeddings",
            MultitaskPromptTuning.COLUMNS, "prefix_task_cols",
            MultitaskPromptTuning.ROWS, "prefix_task_rows");

    /** Writes PEFT's two files, of which stock PEFT reads both. */
    public void write(MultitaskPromptTuning prompt, ModelConfig model, TuningFolder.Origin origin) throws IOException {
        // PEFT knows no prompt drawn from the vocabulary here, and asks for no more than a name of how it started.
        PromptInit init = origin.init() instanceof PromptInit.Text ? origin.init() : new PromptInit.Random();
        Map<String, Object> config = AdapterConfig.causal(
                        prompt.ofTask(0), init, model, origin.baseModel(), origin.revision())
                .toJson();
        config.put("num_ranks", prompt.rank());
        config.put("num_tasks", prompt.numTasks());
        config.put("peft_type", PEFT_TYPE);
        config.put("prompt_tuning_init_state_dict_path", null);
        config.put("prompt_tuning_init_task", 0);
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        SAVED.forEach(
                (parameter, saved) -> tensors.put(saved, prompt.parameters().get(parameter)));
        new AdapterFiles(path).write(config, tensors);
    }

    /**
     * Reads the prompt, which is frozen, and checks that it fits a model.
     *
     * @param manager owner of the tensors
     * @throws InvalidAdapterException when it is unreadable or was made for another model
     */
    public MultitaskPromptTuning read(ModelConfig model, NDManager manager) {
        Map<String, NDArray> found = new AdapterFiles(path).tensors(manager);
        Map<String, NDArray> parameters = new LinkedHashMap<>();
        SAVED.forEach((parameter, saved) -> {
            if (!found.containsKey(saved)) {
                throw new InvalidAdapterException("%s holds no tensor named %s".formatted(path, saved));
            }
            parameters.put(parameter, found.get(saved));
        });
        MultitaskPromptTuning prompt = new MultitaskPromptTuning(new Parameters(parameters));
        long tokens = prompt.ofTask(0).numVirtualTokens();
        int hidden = model.hiddenSize();
        check(parameters, PromptTuning.EMBEDDING, new Shape(tokens, hidden));
        check(parameters, MultitaskPromptTuning.COLUMNS, new Shape(prompt.numTasks(), tokens, prompt.rank()));
        check(parameters, MultitaskPromptTuning.ROWS, new Shape(prompt.numTasks(), prompt.rank(), hidden));
        return prompt;
    }

    private void check(Map<String, NDArray> tensors, String name, Shape expected) {
        Shape found = tensors.get(name).getShape();
        if (!found.equals(expected)) {
            throw new InvalidAdapterException(
                    "%s was made for another base model: its tensor %s has shape %s, but this model needs %s"
                            .formatted(path, SAVED.get(name), found, expected));
        }
    }
}
