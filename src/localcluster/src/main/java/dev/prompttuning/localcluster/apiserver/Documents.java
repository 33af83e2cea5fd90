package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Everything served that is no resource: health, version, discovery, OpenAPI. */
record Documents(Discovery discovery, OpenApi openApi) {
    private static final String OPEN_API_V2 = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
    private static final String RESOURCES = "/api/[^/]+|/apis/[^/]+/[^/]+";

    record Document(String contentType, String body) {
        private static Document json(JsonNode body) {
            return new Document("application/json", body.toString());
        }
    }

    /** @throws StatusException 404 when it would be of a group or version that is not served */
    Optional<Document> find(String path) {
        return Optional.ofNullable(
                switch (path) {
                    case "/healthz", "/livez", "/readyz" -> new Document("text/plain", "ok");
                    case "/version" -> Document.json(Json.of("major", "1", "minor", "33", "gitVersion", "v1.33.0"));
                    case "/api" -> Document.json(discovery.coreVersions());
                    case "/apis" -> Document.json(discovery.groups());
                    // An empty protobuf message: kubectl then prints its own message for kinds it does not find.
                    case "/openapi/v2" -> new Document(OPEN_API_V2, "");
                    case "/openapi/v3" -> Document.json(openApi.index());
                    default -> ofVersion(path);
                });
    }

    private Document ofVersion(String path) {
        if (path.startsWith("/openapi/v3/")) {
            return Document.json(openApi.document(path.substring("/openapi/v3/".length())));
        }
        return path.matches(RESOURCES) ? Document.json(discovery.resources(path.substring(1))) : null;
    }
}
