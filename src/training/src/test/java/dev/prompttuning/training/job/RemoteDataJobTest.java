package dev.prompttuning.training.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.prompttuning.api.contract.Mounts;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.contract.TrainConfigs;
import dev.prompttuning.api.manifest.Manifest;
import dev.prompttuning.api.manifest.Manifests;
import dev.prompttuning.api.validation.Problems;
import dev.prompttuning.training.FailureReport;
import dev.prompttuning.training.StopRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job whose rows are on the hub and in S3, both on loopback. */
class RemoteDataJobTest {
    private static final Path MODEL =
            Path.of(System.getProperty("project.root"), "src/training/src/test/resources/golden/models/qwen2");
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final String JOB =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: PromptTuningJob
            metadata: {name: remote}
            spec:
              baseModel:
                persistentVolumeClaim: {claimName: models}
                cache: {claimName: downloads}
              method: {promptTuning: {numVirtualTokens: 4}}
              dataset:
                train:
                  huggingFace: {repo: org/rows, subset: en}
                evaluation:
                  uri: s3://held/out.csv.gz
                format: PromptCompletion
                maxLength: 32
              training: {maxSteps: 2, batchSize: 2}
              output:
                persistentVolumeClaim: {claimName: out}
            """;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String who = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            requests.add(path + " " + who);
            byte[] body =
                    switch (path) {
                        case "/api/datasets/org/rows/revision/main" ->
                            "{\"sha\":\"%s\",\"siblings\":[{\"rfilename\":\"en/train.jsonl\"},{\"rfilename\":\"de/train.jsonl\"}]}"
                                    .formatted(COMMIT)
                                    .getBytes(StandardCharsets.UTF_8);
                        case "/datasets/org/rows/resolve/" + COMMIT + "/en/train.jsonl" ->
                            "{\"prompt\":\"a\",\"completion\":\"b\"}\n{\"prompt\":\"c\"}\n{\"prompt\":\"d\",\"completion\":\"e\"}\n"
                                    .getBytes(StandardCharsets.UTF_8);
                        case "/held/out.csv.gz" -> gzip("prompt,completion\na,b\n");
                        default -> null;
                    };
            boolean allowed = path.startsWith("/held/")
                    ? who.startsWith("AWS4-HMAC-SHA256 Credential=me/")
                    : who.equals("Bearer of-the-data");
            exchange.sendResponseHeaders(
                    !allowed ? 403 : body == null ? 404 : 200, allowed && body != null ? body.length : -1);
            if (allowed && body != null) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(bytes)) {
            packed.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private TrainConfig config() {
        Manifest.Job job = assertInstanceOf(
                Manifest.Job.class, new Manifests().read(JOB, "remote.yaml").get(0));
        assertEquals(List.of(), Problems.of(job.spec()));
        return TrainConfigs.of(job.spec(), job.name(), Mounts.inPod());
    }

    private TrainingJob.Ended run(Map<String, String> environment, List<String> log) {
        String claims = "/mnt/prompttuning/claims/";
        String hub = "http://127.0.0.1:" + server.getAddress().getPort();
        Surroundings surroundings = new Surroundings(
                path -> path.equals(claims + "models") ? MODEL : folder.resolve(path.substring(claims.length())),
                folder.resolve("scratch"),
                URI.create(hub),
                Optional.of("of-the-model"),
                new DownloadSettings(environment));
        return new TrainingJob(config(), surroundings, Device.cpu(), log::add).run(event -> {}, new StopRequest());
    }

    private Map<String, String> environment(String more) {
        return Map.of(
                "DATASET_TOKEN",
                "of-the-data",
                "AWS_ACCESS_KEY_ID",
                "me",
                "AWS_SECRET_ACCESS_KEY",
                "secret",
                "AWS_ENDPOINT_URL",
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "HF_HUB_OFFLINE",
                more);
    }

    @Test
    void trainsOnDownloadsAndAgainWithoutTheNetwork() {
        List<String> log = new ArrayList<>();
        assertTrue(run(environment("0"), log).result().isPresent());
        assertTrue(log.contains("train.jsonl:2: there is no \"completion\""), log.toString());
        assertTrue(
                requests.stream().noneMatch(request -> request.contains("of-the-model")),
                "a model's token is not for other servers: " + requests);
        server.stop(0);
        assertTrue(run(environment("1"), log).result().isPresent());
    }

    @Test
    void saysThatTheTokenDoesNotDo() {
        RuntimeException failure = assertThrows(RuntimeException.class, () -> run(Map.of(), new ArrayList<>()));
        FailureReport report = FailureReport.of(failure);
        assertTrue(
                report.message().contains("The data set repository org/rows on ")
                        && report.message().contains("may not be read with this token"),
                report.message());
    }
}
