package dev.prompttuning.peft.method;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A prompt for each task, none of which knows of the others; trained together only because their rows are in one data set. */
public record PromptPerTask(List<SoftPrompt> prompts) implements TaskPrompts {

    public PromptPerTask {
        prompts = List.copyOf(prompts);
    }

    @Override
    public Parameters parameters() {
        Map<String, NDArray> all = new LinkedHashMap<>();
        for (int task = 0; task < prompts.size(); task++) {
            String prefix = "task." + task + ".";
            prompts.get(task).parameters().tensors().forEach((name, tensor) -> all.put(prefix + name, tensor));
        }
        return new Parameters(all);
    }

    @Override
    public int numTasks() {
        return prompts.size();
    }

    @Override
    public SoftPrompt ofTask(int task) {
        return prompts.get(task);
    }
}
