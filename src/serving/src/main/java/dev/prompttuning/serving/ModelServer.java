package dev.prompttuning.serving;

import ai.djl.Device;
import dev.prompttuning.serving.adapter.AdapterListWatcher;
import dev.prompttuning.serving.adapter.AdapterRegistry;
import dev.prompttuning.serving.base.BaseLanguageModel;
import dev.prompttuning.serving.base.LanguageModels;
import dev.prompttuning.serving.base.PeftAdapterLoader;
import dev.prompttuning.serving.engine.Engine;
import dev.prompttuning.serving.engine.ServingMetrics;
import dev.prompttuning.serving.service.ChatRenderer;
import dev.prompttuning.serving.service.RequestPreparer;
import dev.prompttuning.serving.service.ServedBase;
import dev.prompttuning.transformers.chat.ChatTemplate;
import dev.prompttuning.transformers.chat.TemplateException;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A base model and its adapters, ready to answer: everything but the protocol's transport. */
public final class ModelServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelServer.class);

    private final Engine engine;
    private final AdapterRegistry adapters;
    private final AdapterListWatcher watcher;
    private final RequestPreparer preparer;

    private ModelServer(Engine engine, AdapterRegistry adapters, AdapterListWatcher watcher, RequestPreparer preparer) {
        this.engine = engine;
        this.adapters = adapters;
        this.watcher = watcher;
        this.preparer = preparer;
    }

    /**
     * Loads the base model and begins to load adapters.
     *
     * @param device as the started engine gave it
     * @throws dev.prompttuning.transformers.InvalidModelException when the base model cannot be used
     */
    public static ModelServer start(ServerSettings settings, Device device, MeterRegistry meters, Clock clock) {
        BaseLanguageModel base =
                LanguageModels.load(settings.baseModel(), settings.dtype(), settings.quantization(), device);
        int made = base.model().config().maxPositions();
        int context = Math.min(made, settings.maxContextLength().orElse(made));
        ServingMetrics metrics = new ServingMetrics(meters, settings.name());
        Engine engine = new Engine(base, base, settings.maxQueueLength(), metrics);
        AdapterRegistry adapters =
                new AdapterRegistry(new PeftAdapterLoader(base, engine, metrics, context, clock), settings.name());
        ServedBase served = new ServedBase(
                settings.name(),
                settings.baseModel().toString(),
                clock.instant(),
                context,
                base.model().config().vocabSize(),
                base,
                base.defaults(),
                chat(base));
        AdapterListWatcher watcher = new AdapterListWatcher(settings.adapters(), adapters);
        watcher.start();
        return new ModelServer(engine, adapters, watcher, new RequestPreparer(served, adapters, clock));
    }

    private static Optional<ChatRenderer> chat(BaseLanguageModel base) {
        Tokenizer tokenizer = base.tokenizer();
        return tokenizer.chatTemplate().flatMap(text -> parsed(text, tokenizer.namedTokens()));
    }

    /** A template that is not understood takes chat away, not completions. */
    private static Optional<ChatRenderer> parsed(String text, Map<String, String> special) {
        try {
            ChatTemplate template = ChatTemplate.parse(text, special);
            return Optional.of((messages, prompt, arguments) ->
                    template.render(messages, prompt, arguments).text());
        } catch (TemplateException e) {
            LOG.warn("The model's chat template cannot be used: {}", e.getMessage());
            return Optional.empty();
        }
    }

    public Engine engine() {
        return engine;
    }

    public AdapterRegistry adapters() {
        return adapters;
    }

    public RequestPreparer preparer() {
        return preparer;
    }

    /** Whether the adapters of the first list were tried; those that failed do not count against it. */
    public boolean ready() {
        return watcher.tried() && engine.alive();
    }

    @Override
    public void close() {
        watcher.close();
        adapters.close();
        engine.close();
    }
}
