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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data sets of the hub, and files of web servers and of S3. */
class DataDownloadTest {
    private static final Map<String, String> KEYS =
            Map.of("AWS_ACCESS_KEY_ID", "me", "AWS_SECRET_ACCESS_KEY", "secret");

    private final byte[] rows = new byte[50_000];
    private FakeHub hub;

    @TempDir
    Path cache;

    @BeforeEach
    void startHub() throws IOException {
        hub = new FakeHub();
        new Random(1).nextBytes(rows);
        hub.files.put("rows 1.jsonl", rows);
        hub.rows.put("data/train 1.jsonl", rows);
        hub.rows.put("data/test.jsonl", new byte[] {'{', '}'});
        hub.rows.put("README.md", new byte[] {'#'});
    }

    @AfterEach
    void stopHub() {
        hub.close();
    }

    private static HubSelection files(String... names) {
        return new HubSelection() {
            @Override
            public String name() {
                return String.join(",", names);
            }

            @Override
            public List<String> choose(Set<String> files, Function<String, Optional<Path>> fetch) {
                assertTrue(fetch.apply("README.md").isPresent());
                assertTrue(fetch.apply("other.md").isEmpty());
                return List.of(names);
            }
        };
    }

    private HubClient client() {
        return new HubClient(hub.endpoint(), Optional.empty(), cache).pausing(Duration.ofMillis(1));
    }

    @Test
    void downloadsWhatIsChosenOfADataSet() throws IOException {
        hub.breakOff.set(3);
        HubSelection train = files("data/train 1.jsonl");
        List<Path> files = client().downloadDataset(FakeHub.DATASET, "main", train);
        assertArrayEquals(rows, Files.readAllBytes(files.get(0)));
        assertTrue(hub.requests.stream().anyMatch(request -> request.contains(" bytes=")), hub.requests.toString());
        assertFalse(Files.exists(files.get(0).resolveSibling("test.jsonl")));
        hub.close();
        assertEquals(files, client().downloadDataset(FakeHub.DATASET, "main", train));
        assertEquals(files, client().offline().downloadDataset(FakeHub.DATASET, FakeHub.COMMIT, train));
        assertThrows(DownloadException.class, () -> client().downloadDataset(
                        FakeHub.DATASET, "main", files("data/test.jsonl")));
    }

    @Test
    void saysWhyADataSetCannotBeHad() {
        assertRefused(files("data/missing.jsonl"), "lists data/missing.jsonl but does not have it");
        hub.rows.put("../evil.jsonl", rows);
        assertRefused(files("../evil.jsonl"), "names the impossible file");
        hub.status = 401;
        hub.errorCode = "GatedRepo";
        assertRefused(files("data/test.jsonl"), "The data set repository org/rows on ");
        assertRefused(files("data/test.jsonl"), "accept its conditions at " + hub.endpoint() + "/datasets/org/rows");
    }

    private void assertRefused(HubSelection selection, String part) {
        assertMessage(
                assertThrows(InvalidModelException.class, () -> client().downloadDataset(
                                FakeHub.DATASET, "main", selection)),
                part);
    }

    private HttpFile http(Optional<String> token, Map<String, String> environment) {
        return new HttpFile(token, S3Access.of(environment), cache, DownloadProgress.NONE, Duration.ofMillis(1));
    }

    private HttpFile web() {
        return http(Optional.empty(), Map.of());
    }

    private HttpFile s3(Map<String, String> environment) {
        Map<String, String> all = new java.util.HashMap<>(environment);
        all.put("AWS_ENDPOINT_URL", hub.endpoint().toString());
        return http(Optional.of("a token for others"), all);
    }

    @Test
    void fetchesAFileAndAgainOnlyWhenItChanges() throws IOException {
        String address = hub.endpoint() + "/plain/rows%201.jsonl";
        hub.breakOff.set(2);
        Path file = web().download(address);
        assertEquals("rows_1.jsonl", file.getFileName().toString());
        assertArrayEquals(rows, Files.readAllBytes(file));
        rows[0] ^= 1;
        web().download(address);
        assertArrayEquals(rows, Files.readAllBytes(file));
        hub.close();
        assertEquals(file, web().download(address), "the server is gone, the file is not");
        assertThrows(DownloadException.class, () -> web().download(hub.endpoint() + "/plain/other"));
    }

    @Test
    void saysWhyAFileCannotBeHad() {
        hub.requiredToken = "t";
        String address = hub.endpoint() + "/plain/rows%201.jsonl";
        assertMessage(mistake(web(), address), "HTTP status 401", "whether the server wants a token");
        assertTrue(Files.exists(http(Optional.of("t"), Map.of()).download(address)));
        hub.requiredToken = "";
        assertMessage(mistake(web(), hub.endpoint() + "/plain/none.jsonl"), "does not exist");
        assertMessage(mistake(web(), "ftp://host/x"), "is not an http or https address");
        assertMessage(mistake(web(), "https://host/a b"), "is not an address");
        assertMessage(mistake(web(), address + "#md5=0"), "\"#md5=0\"", "is not a checksum");
    }

    @Test
    void aChecksumPinsAFile() throws IOException {
        String address = hub.endpoint() + "/plain/rows%201.jsonl";
        Path plain = web().download(address);
        String pinned = address + "#sha256=" + Checksum.sha256(plain);
        hub.requests.clear();
        assertEquals(plain, web().download(pinned));
        assertEquals(List.of(), hub.requests);
        rows[0] ^= 1;
        Files.delete(plain);
        assertMessage(mistake(web(), pinned), "has the SHA-256 checksum", "it has changed");
        assertFalse(Files.exists(plain));
    }

    @Test
    void readsS3() throws IOException {
        String address = "s3://bucket/rows%201.jsonl";
        hub.breakOff.set(1);
        assertArrayEquals(rows, Files.readAllBytes(s3(Map.of()).download(address)));
        hub.requiredKeyId = "me";
        rows[0] ^= 1;
        assertArrayEquals(rows, Files.readAllBytes(s3(KEYS).download(address)));
        assertMessage(mistake(s3(Map.of()), address), "AccessDenied", "give credentials in AWS_ACCESS_KEY_ID");
        hub.requiredKeyId = "you";
        assertMessage(mistake(s3(KEYS), address), "AccessDenied", "check the credentials");
        hub.region = "eu-west-1";
        assertMessage(mistake(s3(KEYS), address), "the bucket is in the region eu-west-1, set AWS_REGION");
        hub.requiredKeyId = "";
        assertMessage(mistake(s3(KEYS), "s3://bucket/none"), "s3://bucket/none does not exist");
        assertMessage(mistake(s3(KEYS), "s3://bucket"), "write s3://bucket/key");
        rows[0] ^= 1;
        hub.wrongChecksums = true;
        assertMessage(
                assertThrows(DownloadException.class, () -> s3(Map.of())
                        .download("s3://bucket/rows%201.jsonl#sha256=" + "0".repeat(64))),
                "checksum is not the one the server names");
        assertMessage(
                assertThrows(InvalidModelException.class, () -> S3Access.of(Map.of("AWS_ACCESS_KEY_ID", "only one"))),
                "Only one of");
    }

    @Test
    void readsAModelFromS3() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/models/qwen2"))) {
            for (Path file : files.toList()) {
                hub.files.put("models/qwen2/" + file.getFileName(), Files.readAllBytes(file));
            }
        }
        S3Access access = S3Access.of(Map.of("AWS_ENDPOINT_URL", hub.endpoint().toString()));
        Path folder = new HttpFolder(Optional.empty(), access, cache, DownloadProgress.NONE)
                .download(URI.create("s3://bucket/models/qwen2"));
        try (ModelFolder model = ModelFolder.open(folder)) {
            assertEquals("qwen2", model.modelType());
        }
    }

    private static Exception mistake(HttpFile file, String address) {
        return assertThrows(InvalidModelException.class, () -> file.download(address));
    }

    private static void assertMessage(Exception e, String... parts) {
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
        assertTrue(e.getMessage().endsWith("."), e.getMessage());
    }
}
