package dev.prompttuning.serving.base;

import dev.prompttuning.peft.adapter.AdapterConfig;
import dev.prompttuning.peft.adapter.InvalidAdapterException;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.serving.adapter.AdapterLoader;
import dev.prompttuning.serving.adapter.AdapterSource;
import dev.prompttuning.serving.adapter.LoadedAdapter;
import dev.prompttuning.serving.engine.Engine;
import dev.prompttuning.serving.engine.Prefix;
import dev.prompttuning.serving.engine.ServingMetrics;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletionException;

/** Loads PEFT folders and makes their keys and values, on the engine's thread. */
public final class PeftAdapterLoader implements AdapterLoader {
    private final BaseLanguageModel base;
    private final Engine engine;
    private final ServingMetrics metrics;
    private final int contextLength;
    private final Clock clock;

    public PeftAdapterLoader(
            BaseLanguageModel base, Engine engine, ServingMetrics metrics, int contextLength, Clock clock) {
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
            Prefix prefix = engine.onModelThread(() -> prefix(folder)).join();
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

    private Prefix prefix(TuningFolder folder) {
        Prefix prefix = base.prefix(folder);
        metrics.forward(prefix.tokensRun());
        return prefix;
    }

    private void checkRoom(Path folder, AdapterConfig config) {
        if (config.numVirtualTokens() >= contextLength) {
            throw new InvalidAdapterException(folder + " has " + config.numVirtualTokens()
                    + " virtual tokens, which leave no room in this server's context of " + contextLength
                    + " tokens: raise maxContextLength.");
        }
    }
}
