package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Requests as they go over the wire. */
final class Http {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ApiServer server;

    Http(ApiServer server) {
        this.server = server;
    }

    record Reply(int code, JsonNode body, HttpResponse<String> raw) {
        String message() {
            return body.path("message").asText();
        }
    }

    Reply send(String method, String path, String contentType, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Content-Type", contentType)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            boolean json =
                    response.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
            return new Reply(response.statusCode(), json ? Json.parse(response.body()) : Json.of(), response);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Reply get(String path, String... headers) {
        return send("GET", path, "application/json", "", headers);
    }

    Reply post(String path, String yaml) {
        return send("POST", path, "application/yaml", yaml);
    }

    Reply merge(String path, String patch) {
        return send("PATCH", path, "application/merge-patch+json", patch);
    }

    Reply apply(String path, String manager, String yaml) {
        return send("PATCH", path + "?fieldManager=" + manager, "application/apply-patch+yaml", yaml);
    }

    Reply delete(String path, String options) {
        return send("DELETE", path, "application/json", options);
    }

    /** The head of an answer that does not end. */
    HttpResponse<java.io.InputStream> open(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Accept-Encoding", "gzip")
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    }

    /** The version of what is at this path now. */
    String version(String path) {
        return Json.text(get(path).body(), "metadata", "resourceVersion");
    }

    /** @param extra more of its metadata, from a comma on */
    static String configMap(String name, String extra) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"%s}}".formatted(name, extra);
    }

    static String resource(String name) throws IOException {
        try (var in = Http.class.getResourceAsStream("/apiserver/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
