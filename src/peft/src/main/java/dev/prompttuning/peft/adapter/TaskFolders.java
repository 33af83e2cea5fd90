package dev.prompttuning.peft.adapter;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.peft.method.SoftPrompt;
import dev.prompttuning.peft.method.TaskPrompts;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The prompts of several tasks, each in a folder {@code tasks/NAME} that is an adapter like any other; the names, in the order of
 * the tasks' numbers, are in {@code tasks.json}.
 *
 * @param path the folder that holds both
 */
record TaskFolders(Path path) {

    private static final ObjectMapper JSON = new ObjectMapper();

    boolean exists() {
        return Files.isRegularFile(list());
    }

    private Path list() {
        return path.resolve("tasks.json");
    }

    private Path folder(String name) {
        return path.resolve("tasks").resolve(name);
    }

    void write(TaskPrompts prompts, ModelConfig model, TuningFolder.Origin origin) throws IOException {
        for (int task = 0; task < prompts.numTasks(); task++) {
            SoftPrompt prompt = prompts.ofTask(task);
            AdapterConfig config =
                    AdapterConfig.causal(prompt, origin.init(), model, origin.baseModel(), origin.revision());
            try (Autograd off = Autograd.off();
                    Scope scope = Scope.open()) {
                new AdapterFolder(folder(origin.tasks().get(task))).write(config, prompt.promptEmbeddings());
            }
        }
        Files.writeString(list(), JSON.writeValueAsString(origin.tasks()));
    }

    /** Each task's folder, in the order of the tasks' numbers. */
    List<Path> folders() {
        if (!exists()) {
            return List.of();
        }
        try {
            List<Path> folders = new ArrayList<>();
            JSON.readTree(list().toFile()).forEach(name -> folders.add(folder(name.asText())));
            return folders;
        } catch (IOException e) {
            throw new InvalidAdapterException("%s is not valid JSON: %s".formatted(list(), e.getMessage()), e);
        }
    }
}
