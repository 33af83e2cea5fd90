package dev.prompttuning.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Asks a server through its Service: the API server's proxy leads there, {@code kubectl proxy} to the API server. */
public final class ServiceClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Process proxy;
    private final URI base;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    private ServiceClient(Process proxy, URI base) {
        this.proxy = proxy;
        this.base = base;
    }

    /** @param service its port is named {@code http} */
    public static ServiceClient of(String namespace, String service) {
        try {
            Process proxy = new ProcessBuilder("kubectl", "proxy", "--port=0").start();
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(proxy.getInputStream(), StandardCharsets.UTF_8));
            // "Starting to serve on 127.0.0.1:12345"
            String line = String.valueOf(out.readLine());
            String address = line.substring(line.lastIndexOf(' ') + 1);
            return new ServiceClient(
                    proxy,
                    URI.create("http://" + address + "/api/v1/namespaces/" + namespace + "/services/http:" + service
                            + ":http/proxy"));
        } catch (IOException e) {
            throw new UncheckedIOException("kubectl cannot be run: put it on the PATH.", e);
        }
    }

    /** The text that follows {@code prompt}, of the most likely tokens. */
    public String complete(String model, String prompt) {
        ObjectNode request = request(model).put("prompt", prompt);
        return post("/v1/completions", request)
                .path("choices")
                .path(0)
                .path("text")
                .asText();
    }

    /** The assistant's answer to one message. */
    public String chat(String model, String message) {
        return post("/v1/chat/completions", message(model, message))
                .path("choices")
                .path(0)
                .path("message")
                .path("content")
                .asText();
    }

    /** The same as it comes: the pieces of the answer's text. */
    public List<String> streamedChat(String model, String message) {
        return stream("/v1/chat/completions", message(model, message), "/choices/0/delta/content");
    }

    /** The same as {@link #complete} as it comes. */
    public List<String> streamedCompletion(String model, String prompt) {
        return stream("/v1/completions", request(model).put("prompt", prompt), "/choices/0/text");
    }

    /** @param text where an event has its piece of the text */
    private List<String> stream(String path, ObjectNode request, String text) {
        HttpResponse<Stream<String>> answer =
                send(path, request.put("stream", true), HttpResponse.BodyHandlers.ofLines());
        List<String> data = answer.body()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .toList();
        if (answer.statusCode() != 200 || data.isEmpty() || !"[DONE]".equals(data.get(data.size() - 1))) {
            throw new AssertionError("Not a whole stream: " + answer.statusCode() + " " + data);
        }
        return data.stream()
                .filter(line -> !"[DONE]".equals(line))
                .map(event -> json(event).at(text).asText(""))
                .filter(piece -> !piece.isEmpty())
                .toList();
    }

    /** The names that requests may give as model. */
    public List<String> models() {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(base + "/v1/models")), text());
        return json(answer.body()).path("data").findValuesAsText("id");
    }

    private static ObjectNode request(String model) {
        return JSON.createObjectNode().put("model", model).put("temperature", 0).put("max_tokens", 16);
    }

    private static ObjectNode message(String model, String text) {
        ObjectNode request = request(model);
        request.putArray("messages").addObject().put("role", "user").put("content", text);
        return request;
    }

    private JsonNode post(String path, ObjectNode body) {
        HttpResponse<String> answer = send(path, body, text());
        if (answer.statusCode() != 200) {
            throw new AssertionError(
                    "POST " + path + " " + body + " was answered " + answer.statusCode() + ": " + answer.body());
        }
        return json(answer.body());
    }

    private static HttpResponse.BodyHandler<String> text() {
        return HttpResponse.BodyHandlers.ofString();
    }

    private <T> HttpResponse<T> send(String path, ObjectNode body, HttpResponse.BodyHandler<T> handler) {
        return send(
                HttpRequest.newBuilder(URI.create(base + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString())),
                handler);
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request.timeout(TIMEOUT).build(), handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        proxy.destroy();
    }
}
