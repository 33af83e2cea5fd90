package dev.prompttuning.serving.causal;

import ai.djl.ndarray.NDManager;
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
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletionException;

/** Loads PEFT folders and makes their keys and values, on the engine's thread. */
public final class PeftAdapterLoader implements AdapterLoader {
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
        new AdapterFit(base).check(folder);
        folder.promptConfig().ifPresent(config -> checkRoom(source.path(), config));
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

    private void checkRoom(Path folder, AdapterConfig config) {
        if (config.numVirtualTokens() >= contextLength) {
            throw new InvalidAdapterException(folder + " has " + config.numVirtualTokens()
                    + " virtual tokens, which leave no room in this server's context of " + contextLength
                    + " tokens: raise maxContextLength.");
        }
    }
}
