package dev.prompttuning.trainer.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prompttuning.api.model.Dtype;
import dev.prompttuning.serving.ModelServer;
import dev.prompttuning.serving.ServerSettings;
import dev.prompttuning.serving.adapter.AdapterSource;
import dev.prompttuning.transformers.engine.DeviceChoice;
import dev.prompttuning.transformers.engine.PyTorch;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real model and a real adapter behind the real routes. */
class OpenAiRoutesTest {
    private static final Path RESOURCES = Path.of("src/test/resources").toAbsolutePath();
    private static final int VIRTUAL_TOKENS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();
    private static Vertx vertx;
    private static ModelServer server;
    private static URI address;

    @BeforeAll
    static void start() throws Exception {
        List<AdapterSource> adapters = List.of(
                new AdapterSource("tuned", RESOURCES.resolve("adapter")),
                new AdapterSource("broken", RESOURCES.resolve("model")));
        server = ModelServer.start(
                new ServerSettings(
                        "base", RESOURCES.resolve("model"), Dtype.AUTO, null, OptionalInt.empty(), 8, () -> adapters),
                PyTorch.start(DeviceChoice.CPU),
                METERS,
                Clock.systemUTC());
        await().atMost(Duration.ofSeconds(60)).until(server::ready);
        vertx = Vertx.vertx();
        Router router = Router.router(vertx);
        new OpenAiRoutes(server).mount(router);
        HttpServer http = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        address = URI.create("http://127.0.0.1:" + http.actualPort());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void answersAsPeftDoes() throws Exception {
        JsonNode cases = JSON.readTree(RESOURCES.resolve("greedy.json").toFile());
        assertTrue(cases.size() > 1);
        try (Tokenizer tokenizer = Tokenizer.load(RESOURCES.resolve("model"))) {
            for (JsonNode expected : cases) {
                long[] tokens = JSON.convertValue(expected.path("new_tokens"), long[].class);
                JsonNode answer = body(post("/v1/completions", greedy("tuned", expected.path("prompt"), 12)));
                assertEquals(
                        tokenizer.decode(tokens, true),
                        answer.at("/choices/0/text").asText());
                assertEquals(
                        expected.path("input_ids").size(),
                        answer.at("/usage/prompt_tokens").asInt());
                assertEquals(12, answer.at("/usage/completion_tokens").asInt());
                JsonNode byIds = body(post("/v1/completions", greedy("tuned", expected.path("input_ids"), 12)));
                assertEquals(answer.path("choices"), byIds.path("choices"));
            }
        }
    }

    @Test
    void runsNoVirtualTokenTwice() throws Exception {
        ObjectNode request = greedy("tuned", JSON.getNodeFactory().textNode("Human: Give three tips."), 4);
        int prompt = body(post("/v1/completions", request))
                .at("/usage/prompt_tokens")
                .asInt();
        double before = forwardTokens();
        post("/v1/completions", request);
        assertEquals(prompt + 3, forwardTokens() - before);
        assertTrue(before >= VIRTUAL_TOKENS);
    }

    @Test
    void streamsWhatItAnswersInOnePiece() throws Exception {
        ObjectNode request = greedy("tuned", JSON.getNodeFactory().textNode("Tweet text : "), 10);
        JsonNode whole = body(post("/v1/completions", request));
        request.put("stream", true).putObject("stream_options").put("include_usage", true);
        HttpResponse<String> response = post("/v1/completions", request);
        assertEquals(
                "text/event-stream",
                response.headers().firstValue("Content-Type").orElse(""));
        assertTrue(response.body().endsWith("data: [DONE]\n\n"), response.body());
        StringBuilder text = new StringBuilder();
        JsonNode last = null;
        for (String line : response.body().split("\n\n")) {
            if (!line.equals("data: [DONE]")) {
                last = JSON.readTree(line.substring("data: ".length()));
                text.append(last.at("/choices/0/text").asText());
            }
        }
        assertEquals(whole.at("/choices/0/text").asText(), text.toString());
        assertEquals(whole.path("usage"), last.path("usage"));
    }

    @Test
    void chatsByTheModelsTemplate() throws Exception {
        ObjectNode chat = JSON.createObjectNode()
                .put("model", "base")
                .put("temperature", 0)
                .put("max_tokens", 5);
        chat.putArray("messages").addObject().put("role", "user").put("content", "hi");
        JsonNode answer = body(post("/v1/chat/completions", chat));
        assertEquals("assistant", answer.at("/choices/0/message/role").asText());
        String rendered = "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n";
        JsonNode completion = body(post(
                "/v1/completions",
                greedy("base", JSON.getNodeFactory().textNode(rendered), 5).put("min_tokens", 0)));
        assertEquals(completion.at("/choices/0/text"), answer.at("/choices/0/message/content"));
    }

    @Test
    void repeatsSamplesWithTheSameSeedAndTellsAnswersApart() throws Exception {
        ObjectNode request = greedy("base", JSON.getNodeFactory().textNode("a"), 12)
                .put("temperature", 1.5)
                .put("seed", 7)
                .put("n", 2);
        JsonNode first = body(post("/v1/completions", request)).path("choices");
        assertEquals(first, body(post("/v1/completions", request)).path("choices"));
        assertTrue(!first.at("/0/text").equals(first.at("/1/text")), first.toString());
    }

    @Test
    void listsTheBaseAndWhatIsLoaded() throws Exception {
        JsonNode models = body(get("/v1/models")).path("data");
        assertEquals(List.of("base", "tuned"), models.findValuesAsText("id"));
        assertEquals("base", models.get(1).path("parent").asText());
        JsonNode adapters = body(get("/adapters")).path("adapters");
        assertEquals(List.of("Loaded", "Loading"), adapters.findValuesAsText("state"));
        assertTrue(adapters.get(0).path("digest").asText().startsWith("sha256:"));
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        HttpResponse<String> unknown =
                post("/v1/completions", greedy("nobody", JSON.getNodeFactory().textNode("a"), 1));
        assertEquals(404, unknown.statusCode());
        assertEquals("model_not_found", body(unknown).at("/error/code").asText());

        HttpResponse<String> tooLong =
                post("/v1/completions", greedy("tuned", JSON.getNodeFactory().textNode("a"), 492));
        assertEquals(400, tooLong.statusCode());
        assertTrue(body(tooLong).at("/error/message").asText().contains("20 virtual tokens"), tooLong.body());
        assertEquals(
                200,
                post("/v1/completions", greedy("base", JSON.getNodeFactory().textNode("a"), 5))
                        .statusCode());

        assertEquals(400, post("/v1/completions", JSON.createObjectNode()).statusCode());
        assertEquals(404, get("/v1/nothing").statusCode());
    }

    /** Memory outside the heap settles: 1,000 requests after a warm-up of 300 add little to it. */
    @Test
    void memoryDoesNotGrow() throws Exception {
        ObjectNode request = greedy("tuned", JSON.getNodeFactory().nullNode(), 2);
        IntStream.range(0, 450).forEach(request.putArray("prompt")::add);
        ask(request, 300);
        long before = kilobytesOutsideTheHeap();
        ask(request, 1000);
        long grown = kilobytesOutsideTheHeap() - before;
        // Keys and values of such a request are 120 kB: one leaked in each would be 120 MB.
        assertTrue(grown < 60_000, "grown by " + grown + " kB");
        assertEquals(0, METERS.get("prompttuning.requests.running").gauge().value());
    }

    private static void ask(ObjectNode request, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            assertEquals(200, post("/v1/completions", request).statusCode());
        }
    }

    private static long kilobytesOutsideTheHeap() throws IOException {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .findFirst()
                        .orElseThrow()
                - Runtime.getRuntime().totalMemory() / 1024;
    }

    private static double forwardTokens() {
        return METERS.get("prompttuning.forward.tokens").counter().count();
    }

    private static ObjectNode greedy(String model, JsonNode prompt, int tokens) {
        ObjectNode request = JSON.createObjectNode()
                .put("model", model)
                .put("temperature", 0)
                .put("max_tokens", tokens)
                .put("min_tokens", tokens);
        request.set("prompt", prompt);
        return request;
    }

    private static HttpResponse<String> post(String path, JsonNode body) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(address.resolve(path))
                        .timeout(Duration.ofSeconds(60))
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(address.resolve(path))
                        .timeout(Duration.ofSeconds(60))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode body(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }
}
