package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.MultiMap;

/** A request as the verbs see it, without its connection. */
record ApiRequest(String method, String path, MultiMap query, String contentType, String accept, String body) {

    String parameter(String name) {
        return query.contains(name) ? query.get(name) : "";
    }

    boolean flag(String name) {
        return query.contains(name) && !parameter(name).equals("false");
    }

    /** @param otherwise when it is not given @throws StatusException 400 when it is no number */
    int number(String name, int otherwise) {
        try {
            return query.contains(name) ? Integer.parseInt(parameter(name)) : otherwise;
        } catch (NumberFormatException e) {
            throw StatusException.badRequest("query parameter %s=%s is no number".formatted(name, parameter(name)));
        }
    }

    boolean isWatch() {
        return method.equals("GET") && flag("watch");
    }

    boolean isDryRun() {
        return parameter("dryRun").equals("All");
    }

    boolean wantsTable() {
        return method.equals("GET") && accept.contains("as=Table");
    }

    boolean isProtobuf() {
        return contentType.contains("protobuf");
    }

    /** What the body holds. @throws StatusException 400, 415 */
    ObjectNode object() {
        if (isProtobuf()) {
            throw StatusException.unsupportedMediaType(
                    "this server reads JSON and YAML, not protobuf: instead of"
                            + " \"kubectl create ...\" use \"kubectl create ... --dry-run=client -o yaml | kubectl apply -f -\"");
        }
        if (Json.parse(body) instanceof ObjectNode object) {
            return object;
        }
        throw StatusException.badRequest("the request's body is no object");
    }
}
