package dev.prompttuning.quickstart.tour;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks an OpenAI-style server for completions, always the most likely one. */
final class CompletionsClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final URI address;

    /** @param url the server's, without {@code /v1} */
    CompletionsClient(String url) {
        this.address = URI.create(url + "/v1/completions");
    }

    /** The body of a request. */
    static ObjectNode request(String model, String prompt, int maxTokens) {
        return JSON.createObjectNode()
                .put("model", model)
                .put("prompt", prompt)
                .put("max_tokens", maxTokens)
                .put("temperature", 0);
    }

    /** @throws StepFailedException when the server refuses the request */
    String complete(String model, String prompt, int maxTokens) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(address)
                        .timeout(TIMEOUT)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                request(model, prompt, maxTokens).toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new StepFailedException("POST " + address + " with model " + model + " was answered "
                    + answer.statusCode() + ": " + answer.body().strip());
        }
        JsonNode body = JSON.readTree(answer.body());
        return body.path("choices").path(0).path("text").asText();
    }
}
