package dev.prompttuning.transformers.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.folder.ModelFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubClientTest {
    private static final Path GOLDEN = Path.of("src/test/resources/models/qwen2");
    private static final String WEIGHTS = "model.safetensors";

    private FakeHub hub;

    @TempDir
    Path cache;

    @BeforeEach
    void startHub() throws IOException {
        hub = new FakeHub();
        try (Stream<Path> files = Files.list(GOLDEN)) {
            for (Path file : files.toList()) {
                hub.files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        hub.files.put("pytorch_model.bin", new byte[10]);
        hub.files.put("README.md", new byte[10]);
    }

    @AfterEach
    void stopHub() {
        hub.close();
    }

    @Test
    void downloadsWhatAModelNeedsOnce() throws IOException {
        hub.requiredToken = "secret";
        Path folder = client(Optional.of("secret")).download(FakeHub.REPO, "main");
        for (String file : List.of(WEIGHTS, "config.json", "tokenizer.json", "chat_template.jinja")) {
            assertArrayEquals(hub.files.get(file), Files.readAllBytes(folder.resolve(file)));
        }
        assertFalse(Files.exists(folder.resolve("README.md")));
        assertFalse(Files.exists(folder.resolve("pytorch_model.bin")));
        assertFalse(Files.exists(folder.resolve(WEIGHTS + ".part")));
        try (ModelFolder model = ModelFolder.open(folder)) {
            assertEquals("qwen2", model.modelType());
        }
        hub.requests.clear();
        assertEquals(folder, client(Optional.of("secret")).download(FakeHub.REPO, "main"));
        assertEquals(1, hub.requests.size(), hub.requests.toString());
        assertEquals(folder, client().download(FakeHub.REPO, FakeHub.COMMIT));
        assertEquals(1, hub.requests.size(), hub.requests.toString());
    }

    @Test
    void usesTheCacheWithoutTheHub() {
        assertMessage(
                assertThrows(
                        InvalidModelException.class, () -> client().offline().download(FakeHub.REPO, "main")),
                "is not in the cache",
                "downloads are off");
        Path folder = client().download(FakeHub.REPO, "main");
        assertEquals(folder, client().offline().download(FakeHub.REPO, "main"));
        hub.status = 503;
        assertEquals(folder, client().download(FakeHub.REPO, "main"));
        hub.close();
        assertEquals(folder, client().download(FakeHub.REPO, "main"));
        assertMessage(
                assertThrows(DownloadException.class, () -> client().download("org/other", "main")),
                "cannot be reached",
                "HF_ENDPOINT");
    }

    @Test
    void goesOnWhereAConnectionBroke() throws IOException {
        hub.breakOff.set(7);
        ConcurrentHashMap<String, Long> totals = new ConcurrentHashMap<>();
        Path folder = client().onProgress((file, bytes, total) -> totals.put(file, total))
                .download(FakeHub.REPO, "main");
        assertArrayEquals(hub.files.get(WEIGHTS), Files.readAllBytes(folder.resolve(WEIGHTS)));
        assertTrue(hub.requests.stream().anyMatch(request -> request.contains(" bytes=")), hub.requests.toString());
        assertEquals(hub.files.get(WEIGHTS).length, totals.get(WEIGHTS));
    }

    @Test
    void goesOnWhereAnEarlierProcessEnded() throws IOException {
        Path folder = cache.resolve("models--org--tiny/snapshots/" + FakeHub.COMMIT);
        Files.createDirectories(folder);
        byte[] weights = hub.files.get(WEIGHTS);
        Files.write(folder.resolve(WEIGHTS + ".part"), Arrays.copyOf(weights, 1000));
        Files.writeString(folder.resolve(WEIGHTS + ".part.etag"), "of an older file");
        client().download(FakeHub.REPO, "main");
        assertArrayEquals(weights, Files.readAllBytes(folder.resolve(WEIGHTS)));
        List<String> requests = hub.requestsFor("/storage/" + WEIGHTS);
        assertEquals(List.of("/storage/" + WEIGHTS + " bytes=1000-", "/storage/" + WEIGHTS), requests);
    }

    @Test
    void refusesBytesWithAnotherChecksum() {
        hub.wrongChecksums = true;
        assertMessage(
                assertThrows(DownloadException.class, () -> client().download(FakeHub.REPO, "main")),
                WEIGHTS,
                "checksum is not the one the server names");
        assertFalse(Files.exists(cache.resolve("models--org--tiny/snapshots/" + FakeHub.COMMIT + "/" + WEIGHTS)));
    }

    @Test
    void downloadsShards() throws IOException {
        hub.files.put("model-1.safetensors", hub.files.remove(WEIGHTS));
        hub.files.put("unrelated.safetensors", new byte[10]);
        index("model-1.safetensors");
        Path folder = client().download(FakeHub.REPO, "main");
        assertTrue(Files.exists(folder.resolve("model-1.safetensors")));
        assertFalse(Files.exists(folder.resolve("unrelated.safetensors")));
    }

    @Test
    void saysWhatARepositoryLacks() {
        hub.files.remove(WEIGHTS);
        assertRefused("has neither model.safetensors nor model.safetensors.index.json");
        index("model-2.safetensors");
        assertRefused("lacks the shard model-2.safetensors");
        index("../../evil.safetensors");
        // The folder is not complete, but holds the index fetched before; a commit's files do not change.
        assertRefused("lacks the shard model-2.safetensors");
        hub.files.remove("config.json");
        cache = cache.resolve("other");
        assertRefused("has no config.json");
    }

    @Test
    void refusesShardsOutsideTheFolder() {
        hub.files.remove(WEIGHTS);
        index("../../evil.safetensors");
        assertRefused("names the impossible shard");
    }

    @Test
    void saysWhyTheHubRefuses() {
        hub.status = 401;
        assertRefused("may not be read without a token, or does not exist");
        hub.errorCode = "GatedRepo";
        assertRefused("is gated and needs a token");
        hub.status = 403;
        assertMessage(
                assertThrows(InvalidModelException.class, () -> client(Optional.of("t"))
                        .download(FakeHub.REPO, "main")),
                "may not be read with this token");
        hub.status = 404;
        hub.errorCode = "RevisionNotFound";
        assertRefused("has no revision \"main\"");
        hub.errorCode = "";
        assertRefused("or its revision \"main\" does not exist");
        hub.status = 503;
        assertMessage(
                assertThrows(DownloadException.class, () -> client().download(FakeHub.REPO, "main")),
                "HTTP status 503");
    }

    @Test
    void refusesNamesThatAreNone() {
        for (String repo : List.of("", "a/b/c", "../x", "a b", "a/..")) {
            assertMessage(
                    assertThrows(InvalidModelException.class, () -> client().download(repo, "main")),
                    "is not the name of a Hugging Face repository");
        }
        assertThrows(InvalidModelException.class, () -> client().download(FakeHub.REPO, "../main"));
        assertThrows(
                InvalidModelException.class,
                () -> new HubClient(URI.create("huggingface.co"), Optional.empty(), cache));
    }

    @Test
    void letsOneThreadDownloadForAll() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<Path>> folders = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                folders.add(threads.submit(() -> client().download(FakeHub.REPO, "main")));
            }
            for (Future<Path> folder : folders) {
                assertTrue(Files.exists(folder.get().resolve(WEIGHTS)));
            }
            assertEquals(1, hub.requestsFor("/storage/").size(), hub.requests.toString());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void fetchesAPlainFolderAndOnlyWhatChanged() throws IOException {
        HttpFolder http = new HttpFolder(
                Optional.empty(), S3Access.ANONYMOUS, cache, DownloadProgress.NONE, Duration.ofMillis(1));
        URI prefix = hub.endpoint().resolve("/plain");
        hub.breakOff.set(2);
        Path folder = http.download(prefix);
        try (ModelFolder model = ModelFolder.open(folder)) {
            assertEquals("qwen2", model.modelType());
        }
        byte[] weights = hub.files.get(WEIGHTS).clone();
        weights[weights.length - 1] ^= 1;
        hub.files.put(WEIGHTS, weights);
        hub.files.remove("chat_template.jinja");
        assertEquals(folder, http.download(prefix));
        assertArrayEquals(weights, Files.readAllBytes(folder.resolve(WEIGHTS)));
        assertFalse(Files.exists(folder.resolve("chat_template.jinja")));

        hub.requiredToken = "t";
        assertMessage(assertThrows(InvalidModelException.class, () -> http.download(prefix)), "may not be read", "401");
        hub.requiredToken = "";
        hub.files.remove("config.json");
        assertMessage(assertThrows(InvalidModelException.class, () -> http.download(prefix)), "has no config.json");
        assertMessage(
                assertThrows(InvalidModelException.class, () -> http.download(URI.create("ftp://host/x"))),
                "is not an http or https address");
    }

    private void index(String shard) {
        hub.files.put(
                "model.safetensors.index.json",
                "{\"weight_map\":{\"w\":\"%s\"}}".formatted(shard).getBytes(StandardCharsets.UTF_8));
    }

    private HubClient client() {
        return client(Optional.empty());
    }

    private HubClient client(Optional<String> token) {
        return new HubClient(hub.endpoint(), token, cache).pausing(Duration.ofMillis(1));
    }

    private void assertRefused(String part) {
        assertMessage(assertThrows(InvalidModelException.class, () -> client().download(FakeHub.REPO, "main")), part);
    }

    private static void assertMessage(Exception e, String... parts) {
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
        assertTrue(e.getMessage().endsWith("."), e.getMessage());
    }
}
