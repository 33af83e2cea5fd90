package dev.prompttuning.serving.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.peft.adapter.InvalidAdapterException;
import dev.prompttuning.serving.adapter.AdapterStatus.State;
import dev.prompttuning.serving.engine.Prefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterRegistryTest {
    @TempDir
    Path folder;

    private final RecordingLoader loader = new RecordingLoader();
    private final AdapterRegistry registry = new AdapterRegistry(loader, "base");

    @Test
    void oneBadAdapterStandsInNobodysWay() throws IOException {
        AdapterSource good = adapter("good", "fits");
        AdapterSource bad = adapter("bad", "other base");
        AdapterSource absent = new AdapterSource("absent", folder.resolve("absent"));
        registry.match(List.of(bad, absent, good));

        assertEquals(
                List.of(State.FAILED, State.PENDING, State.LOADED),
                registry.statuses().stream().map(AdapterStatus::state).toList());
        assertEquals("bad was made for another base", registry.statuses().get(0).message());
        assertEquals("digest of fits", registry.statuses().get(2).digest());
        assertTrue(registry.find("good").isPresent());
        assertTrue(registry.find("bad").isEmpty());
    }

    @Test
    void loadsOnceWhatDoesNotChangeAndAgainWhatDoes() throws IOException {
        AdapterSource source = adapter("a", "fits");
        registry.match(List.of(source));
        registry.match(List.of(source));
        assertEquals(List.of("load a"), loader.calls);
        LoadedAdapter before = registry.find("a").orElseThrow();

        adapter("a", "fits better");
        registry.match(List.of(source));
        assertEquals(List.of("load a", "load a", "unload a"), loader.calls);
        assertEquals("digest of fits better", registry.find("a").orElseThrow().digest());
        assertEquals("digest of fits", before.digest());
    }

    @Test
    void loadsWhatAppearsLaterAndUnloadsWhatIsNotWanted() throws IOException {
        AdapterSource late = new AdapterSource("late", folder.resolve("late"));
        registry.match(List.of(late));
        assertEquals(State.PENDING, registry.statuses().get(0).state());
        adapter("late", "fits");
        registry.match(List.of(late));
        assertEquals(State.LOADED, registry.statuses().get(0).state());
        registry.match(List.of());
        assertEquals(List.of("load late", "unload late"), loader.calls);
        assertEquals(List.of(), registry.statuses());
    }

    @Test
    void goesOnServingWhileAFolderIsBeingReplaced() throws IOException {
        AdapterSource source = adapter("a", "fits");
        registry.match(List.of(source));
        LoadedAdapter loaded = registry.find("a").orElseThrow();
        Files.delete(source.path().resolve("adapter_config.json"));
        registry.match(List.of(source));
        assertSame(loaded, registry.find("a").orElseThrow());
        assertEquals(List.of("load a"), loader.calls);
    }

    @Test
    void refusesTheBaseModelsName() throws IOException {
        registry.match(List.of(adapter("base", "fits")));
        assertEquals(State.FAILED, registry.statuses().get(0).state());
        assertEquals(List.of(), loader.calls);
    }

    private AdapterSource adapter(String name, String content) throws IOException {
        Path path = Files.createDirectories(folder.resolve(name));
        Files.writeString(path.resolve("adapter_config.json"), content);
        return new AdapterSource(name, path);
    }

    private static final class RecordingLoader implements AdapterLoader {
        private final List<String> calls = new ArrayList<>();

        @Override
        public LoadedAdapter load(AdapterSource source) {
            calls.add("load " + source.name());
            String content;
            try {
                content = Files.readString(source.path().resolve("adapter_config.json"));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            if (content.equals("other base")) {
                throw new InvalidAdapterException(source.name() + " was made for another base");
            }
            return new LoadedAdapter(source, Prefix.NONE, "digest of " + content, Instant.EPOCH);
        }

        @Override
        public void unload(LoadedAdapter adapter) {
            calls.add("unload " + adapter.source().name());
        }
    }
}
