package dev.prompttuning.serving.base;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.peft.adapter.AdapterConfig;
import dev.prompttuning.peft.adapter.InvalidAdapterException;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.transformers.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether an adapter was made for a base model, as far as its files tell before any tensor is read. */
public record AdapterFit(BaseLanguageModel base) {
    private static final String PROVENANCE = "provenance.json";

    /** @throws InvalidAdapterException when it was made for another task, shape or base model */
    public void check(TuningFolder folder) {
        folder.promptConfig().ifPresent(config -> checkShape(folder.path(), config));
        checkTask(folder.path(), folder.taskType());
        checkBase(folder.path());
    }

    private void checkTask(Path folder, String taskType) {
        if (!taskType.equals(base.taskType())) {
            throw new InvalidAdapterException(folder + " was made for the task " + taskType
                    + ", and this base model generates text for " + base.taskType() + "; use an adapter for "
                    + base.taskType() + ".");
        }
    }

    private void checkShape(Path folder, AdapterConfig config) {
        ModelConfig model = base.model().config();
        boolean heads = config.numAttentionHeads() == model.numHeads()
                || config.numAttentionHeads() == model.numKeyValueHeads();
        if (config.numLayers() != model.numLayers() || !heads) {
            throw new InvalidAdapterException(folder + " was made for another base model, one of " + config.numLayers()
                    + " layers and " + config.numAttentionHeads() + " heads; this one has " + model.numLayers()
                    + " layers, "
                    + model.numHeads() + " heads and " + model.numKeyValueHeads()
                    + " key/value heads: use it with the base model it was trained on.");
        }
    }

    /** Where the adapter tells the digest of its base model, that must be this one's. */
    private void checkBase(Path folder) {
        Path file = folder.resolve(PROVENANCE);
        if (!Files.isRegularFile(file)) {
            return;
        }
        String wanted;
        try {
            JsonNode provenance = new ObjectMapper().readTree(file.toFile());
            wanted = provenance.at("/baseModel/digest").asText("");
        } catch (IOException e) {
            throw new InvalidAdapterException(
                    file + " is not valid JSON; write the adapter anew or remove the file.", e);
        }
        if (!wanted.isEmpty() && !wanted.equals(base.folder().digest())) {
            throw new InvalidAdapterException(folder + " was made for another base model, of digest " + wanted
                    + "; this one's is " + base.folder().digest() + ": use it with the base model it was trained on.");
        }
    }
}
