package dev.prompttuning.localcluster.apiserver;

import io.vertx.core.MultiMap;

/** A request as the verbs see it, without its connection. */
record ApiRequest(String method, String path, MultiMap query, String contentType, String accept, byte[] body) {
    String parameter(String name) {
        String value = query.get(name);
        return value == null ? "" : value;
    }

    boolean flag(String name) {
        return query.contains(name)
                && !parameter(name).equals("false")
                && !parameter(name).equals("0");
    }

    boolean isWatch() {
        return method.equals("GET") && flag("watch");
    }

    boolean isDryRun() {
        return parameter("dryRun").equals("All");
    }

    boolean wantsTable() {
        return accept.contains("as=Table");
    }

    int number(String name, int otherwise) {
        String value = parameter(name);
        try {
            return value.isEmpty() ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw StatusException.badRequest("query parameter %s=%s is no number".formatted(name, value));
        }
    }
}
