package dev.prompttuning.serving.causal;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.peft.adapter.AdapterConfig;
import dev.prompttuning.peft.adapter.InvalidAdapterException;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.serving.adapter.AdapterLoader;
import dev.prompttuning.serving.adapter.AdapterSource;
import dev.prompttuning.serving.adapter.LoadedAdapter;
import dev.prompttuning.serving.engine.Engine;
import dev.prompttuning.serving.engine.ServingMetrics;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.KeyValues;
import dev.prompttuning.transformers.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletionException;

/** Loads PEFT folders and makes their keys and values, on the engine's thread. */
public final class PeftAdapterLoader implements AdapterLoader {
    private static final String PROVENANCE = "provenance.json";

    private final CausalLanguageModel base;
    private final Engine engine;
    private final ServingMetrics metrics;
    private final int contextLength;
    private final Clock clock;

    public PeftAdapterLoader(
            CausalLanguageModel base, Engine engine, ServingMetrics metrics, int contextLength, Clock clock) {
        this.base = base;
        this.engine = engine;
        this.metrics = metrics;
        this.contextLength = contextLength;
        this.clock = clock;
    }

    @Override
    public LoadedAdapter load(AdapterSource source) {
        TuningFolder folder = new TuningFolder(source.path());
        folder.promptConfig().ifPresent(config -> checkShape(source.path(), config));
        checkTask(source.path(), folder.taskType());
        checkBase(source.path());
        String digest = folder.digest();
        try {
            KeyValuePrefix prefix = engine.onModelThread(() -> prefix(folder)).join();
            return new LoadedAdapter(source, prefix, digest, clock.instant());
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public void unload(LoadedAdapter adapter) {
        engine.onModelThread(() -> {
            adapter.prefix().close();
            return null;
        });
    }

    private KeyValuePrefix prefix(TuningFolder folder) {
        CausalLM model = base.model();
        NDManager owner = model.manager().newSubManager();
        try {
            Tuning tuning = folder.readForOneTask(model, owner);
            CausalTuning tuned = new CausalTuning(model, tuning, false);
            KeyValues keyValues = tuned.prefix();
            if (tuning.prompt().filter(prompt -> !prompt.type().isKeyValues()).isPresent()) {
                metrics.forward(keyValues.length());
            }
            return new KeyValuePrefix(tuned, keyValues, owner);
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    private static void checkTask(Path folder, String taskType) {
        if (!taskType.equals("CAUSAL_LM")) {
            throw new InvalidAdapterException(folder + " was made for the task " + taskType
                    + ", and this server generates text (CAUSAL_LM); serve a CAUSAL_LM adapter.");
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
                    + " key/value heads: serve it with the base model it was trained on.");
        }
        if (config.numVirtualTokens() >= contextLength) {
            throw new InvalidAdapterException(folder + " has " + config.numVirtualTokens()
                    + " virtual tokens, which leave no room in this server's context of " + contextLength
                    + " tokens: raise maxContextLength.");
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
            throw new InvalidAdapterException(
                    folder + " was made for another base model, of digest " + wanted + "; this one's is "
                            + base.folder().digest() + ": serve it with the base model it was trained on.");
        }
    }
}
