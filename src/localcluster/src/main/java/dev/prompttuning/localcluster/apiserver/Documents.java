package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Everything served that is no resource: health, version, discovery, OpenAPI, and the answer to "may I?". */
final class Documents {
    private static final String JSON = "application/json";
    private static final String OPEN_API_V2 = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    record Document(String contentType, String body) {
        private static Document json(ObjectNode body) {
            return new Document(JSON, Json.write(body));
        }
    }

    private final Discovery discovery;
    private final OpenApi openApi;

    Documents(ResourceTypes types) {
        this.discovery = new Discovery(types);
        this.openApi = new OpenApi(types);
    }

    Optional<Document> find(ApiRequest request) {
        String path = request.path();
        boolean aggregated = request.accept().contains("as=APIGroupDiscoveryList")
                && request.accept().contains("v=v2;");
        return Optional.ofNullable(
                switch (path) {
                    case "/healthz", "/livez", "/readyz" -> new Document("text/plain", "ok");
                    case "/version" -> Document.json(version());
                    case "/api", "/apis" ->
                        aggregated
                                ? new Document(
                                        Discovery.AGGREGATED, Json.write(discovery.aggregated(path.equals("/api"))))
                                : Document.json(path.equals("/api") ? discovery.coreVersions() : discovery.groups());
                    // An empty protobuf message: kubectl then prints its own message for kinds it does not find.
                    case "/openapi/v2" -> new Document(OPEN_API_V2, "");
                    case "/openapi/v3" -> Document.json(openApi.index());
                    case "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews" -> Document.json(review(request));
                    default -> byPrefix(path);
                });
    }

    private Document byPrefix(String path) {
        if (path.startsWith("/openapi/v3/")) {
            return Document.json(openApi.document(path.substring("/openapi/v3/".length())));
        }
        String[] parts = path.substring(1).split("/");
        if (parts[0].equals("apis") && parts.length == 2) {
            return Document.json(discovery.group(parts[1]));
        }
        boolean version = parts[0].equals("apis") && parts.length == 3 || parts[0].equals("api") && parts.length == 2;
        return version ? Document.json(discovery.resources(path.substring(1))) : null;
    }

    private static ObjectNode version() {
        return Json.object()
                .put("major", "1")
                .put("minor", "33")
                .put("gitVersion", "v1.33.0+local")
                .put("gitCommit", "")
                .put("gitTreeState", "clean")
                .put("buildDate", "2025-01-01T00:00:00Z")
                .put("goVersion", "")
                .put("compiler", "")
                .put("platform", "local");
    }

    /** There are no users, so everything is allowed. */
    private static ObjectNode review(ApiRequest request) {
        ObjectNode review = (ObjectNode) Json.parse(request.body());
        review.putObject("status").put("allowed", true);
        return review;
    }
}
