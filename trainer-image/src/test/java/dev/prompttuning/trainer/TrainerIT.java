package dev.prompttuning.trainer;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built program by its launcher, as a pod or a person runs it. */
class TrainerIT {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Path RESOURCES = MODULE.resolve("src/test/resources");

    @TempDir
    Path folder;

    @Test
    void tellsAUsersMistakeInASentenceAndExitsWith2() throws Exception {
        Path log = folder.resolve("log");
        Process process =
                trainer(log, "generate", "--model", "/nowhere", "hello").start();
        assertEquals(2, exitCode(process));
        String said = Files.readString(log);
        assertTrue(said.startsWith("The model folder /nowhere does not exist"), said);
        assertEquals(1, said.lines().count(), said);
    }

    @Test
    void helps() throws Exception {
        Path log = folder.resolve("log");
        assertEquals(0, exitCode(trainer(log, "serve", "--help").start()));
        assertTrue(Files.readString(log).contains("--volume"), Files.readString(log));
    }

    @Test
    void generates() throws Exception {
        Path log = folder.resolve("log");
        String model = RESOURCES.resolve("model").toString();
        String adapter = RESOURCES.resolve("adapter").toString();
        Process process = trainer(log, "generate", "--model", model, "--adapter", adapter, "Tweet text : ")
                .start();
        assertEquals(0, exitCode(process), Files.readString(log));
    }

    /** Mounts are folders under POD_ROOT, the port comes by PORT_8080, and the adapter list changes while the server runs. */
    @Test
    void servesAsAPod() throws Exception {
        Path config = Files.createDirectories(folder.resolve("etc"));
        Files.createSymbolicLink(folder.resolve("model"), RESOURCES.resolve("model"));
        Files.createSymbolicLink(folder.resolve("adapter"), RESOURCES.resolve("adapter"));
        Files.writeString(config.resolve("adapters.json"), "{\"adapters\":[]}");
        Files.writeString(
                config.resolve("serve.json"),
                """
                {"name":"base","baseModel":{"name":"base","path":"/model"},
                 "engine":{"maxBatchSize":8,"maxQueueLength":4},"adapterList":"/etc/adapters.json","port":8080}""");
        int port = freePort();
        Path log = folder.resolve("log");
        ProcessBuilder builder = trainer(log, "serve", "--config", "/etc/serve.json");
        builder.environment().put("POD_ROOT", folder.toString());
        builder.environment().put("PORT_8080", Integer.toString(port));
        Process process = builder.start();
        try {
            String server = "http://127.0.0.1:" + port;
            await().atMost(Duration.ofSeconds(90)).until(() -> status(server + "/q/health/ready") == 200);
            assertEquals(200, status(server + "/metrics"));
            assertEquals(404, status(server + "/v1/models/tuned"));
            Files.writeString(
                    config.resolve("adapters.json"), "{\"adapters\":[{\"name\":\"tuned\",\"path\":\"/adapter\"}]}");
            await().atMost(Duration.ofSeconds(60)).until(() -> status(server + "/v1/models/tuned") == 200);
            process.destroy();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "SIGTERM ends it");
        } finally {
            process.destroyForcibly();
        }
    }

    private static ProcessBuilder trainer(Path log, String... args) {
        List<String> command =
                new ArrayList<>(List.of(MODULE.resolve("bin/trainer").toString()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    }

    private static int exitCode(Process process) throws InterruptedException {
        try {
            assertTrue(process.waitFor(90, TimeUnit.SECONDS), "it ends by itself");
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static int status(String address) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
