package dev.prompttuning.serving.adapter;

import dev.prompttuning.peft.adapter.InvalidAdapterException;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.serving.adapter.AdapterStatus.State;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The adapters of a server by name. One thread calls {@link #match} again and again; any thread looks adapters up meanwhile. One
 * adapter that cannot be loaded stands in nobody's way. An adapter whose files changed is loaded anew; until the new one is ready
 * the old one serves.
 */
public final class AdapterRegistry implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdapterRegistry.class);

    private final AdapterLoader loader;
    private final String baseModel;
    private volatile Map<String, Entry> entries = Map.of();

    /** @param baseModel the name of the base model, which no adapter may take */
    public AdapterRegistry(AdapterLoader loader, String baseModel) {
        this.loader = loader;
        this.baseModel = baseModel;
    }

    /** The adapter that serves by this name. */
    public Optional<LoadedAdapter> find(String name) {
        return Optional.ofNullable(entries.get(name)).map(Entry::adapter);
    }

    /** Adapters that serve, in the order of the list. */
    public List<LoadedAdapter> loaded() {
        return entries.values().stream()
                .map(Entry::adapter)
                .filter(adapter -> adapter != null)
                .toList();
    }

    /** All adapters of the list, in its order. */
    public List<AdapterStatus> statuses() {
        return entries.values().stream().map(Entry::status).toList();
    }

    /** Loads what is wanted and not loaded, and unloads what is not wanted any more. */
    public synchronized void match(List<AdapterSource> wanted) {
        Map<String, Entry> before = entries;
        Map<String, Entry> after = new LinkedHashMap<>();
        for (AdapterSource source : wanted) {
            Entry old = before.get(source.name());
            after.putIfAbsent(
                    source.name(), old != null && old.source.equals(source) ? old : Entry.pending(source, old));
        }
        publish(after);
        before.values().stream()
                .filter(entry -> !after.containsKey(entry.source.name()))
                .forEach(this::unload);
        Set<String> names = new LinkedHashSet<>(after.keySet());
        for (String name : names) {
            Entry entry = after.get(name);
            Fingerprint found = Fingerprint.of(entry.source.path());
            if (!found.equals(entry.fingerprint)) {
                after.put(name, load(entry, found));
                publish(after);
            }
        }
    }

    private void publish(Map<String, Entry> now) {
        entries = new LinkedHashMap<>(now);
    }

    private Entry load(Entry old, Fingerprint found) {
        AdapterSource source = old.source;
        if (source.name().equals(baseModel)) {
            return failed(old, found, "The name is the base model's; give the adapter another name.");
        }
        if (!new TuningFolder(source.path()).exists()) {
            String message = "There is no adapter_config.json in " + source.path()
                    + " yet; the adapter is loaded as soon as it is" + " there.";
            if (old.serves(source)) {
                return new Entry(source, found, old.adapter, old.status);
            }
            unload(old);
            return new Entry(source, found, null, new AdapterStatus(source.name(), State.PENDING, message, ""));
        }
        try {
            LoadedAdapter adapter = loader.load(source);
            unload(old);
            LOG.info(
                    "Adapter {} is loaded: {} virtual tokens, {}",
                    source.name(),
                    adapter.prefix().length(),
                    adapter.digest());
            return new Entry(
                    source, found, adapter, new AdapterStatus(source.name(), State.LOADED, "", adapter.digest()));
        } catch (InvalidAdapterException e) {
            return failed(old, found, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("Adapter {} could not be loaded", source.name(), e);
            return failed(old, found, "It could not be loaded; the server's log has the cause.");
        }
    }

    private Entry failed(Entry old, Fingerprint found, String message) {
        AdapterSource source = old.source;
        LOG.warn("Adapter {} is not loaded: {}", source.name(), message);
        unload(old);
        return new Entry(source, found, null, new AdapterStatus(source.name(), State.FAILED, message, ""));
    }

    private void unload(Entry entry) {
        if (entry.adapter != null) {
            loader.unload(entry.adapter);
        }
    }

    @Override
    public synchronized void close() {
        Map<String, Entry> before = entries;
        entries = Map.of();
        before.values().forEach(this::unload);
    }

    /** @param adapter null while it does not serve */
    private record Entry(AdapterSource source, Fingerprint fingerprint, LoadedAdapter adapter, AdapterStatus status) {

        static Entry pending(AdapterSource source, Entry old) {
            LoadedAdapter serving = old == null ? null : old.adapter;
            return new Entry(
                    source, null, serving, new AdapterStatus(source.name(), State.PENDING, "It is being loaded.", ""));
        }

        /** A folder that is being replaced is gone for a moment; what was loaded from it goes on serving. */
        boolean serves(AdapterSource wanted) {
            return adapter != null && adapter.source().equals(wanted);
        }
    }
}
