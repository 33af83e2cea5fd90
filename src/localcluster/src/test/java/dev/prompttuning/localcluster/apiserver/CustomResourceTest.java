package dev.prompttuning.localcluster.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomResourceTest {
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String WIDGETS = "/apis/test.dev/v1/namespaces/default/widgets";

    private ApiServer server;
    private Http http;

    @BeforeEach
    void start() throws IOException {
        server = ApiServer.start();
        http = new Http(server);
        assertEquals(201, http.post(DEFINITIONS, Http.resource("widgets.yaml")).code());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String widget(String spec) {
        return "{apiVersion: test.dev/v1, kind: Widget, metadata: {name: w}, spec: {%s}}".formatted(spec);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "color: blue|spec.color: Unsupported value: \"blue\": supported values: \"red\", \"green\"",
                "size: 1|spec.color: Required value",
                "color: red, size: 10|spec.size: Invalid value: 10: spec.size in body should be less than or equal to 9",
                "color: red, size: 0|spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1",
                "color: red, name: A1|spec.name: Invalid value: \"A1\": spec.name in body should match '^[a-z]+$'",
                "color: red, name: abcdef|spec.name: Too long: may not be more than 5 bytes",
                "color: red, tags: [a, b, c]|spec.tags: Too many: 3: must have at most 2 items",
                "color: red, circle: {}, square: {}|spec: Invalid value: \"object\": at most one of circle and square",
                "color: red, size: big|spec.size: Invalid value: \"string\": spec.size in body must be of type integer: \"string\""
            })
    void wrongSpecsAreRefusedByTheField(String spec, String message) {
        Http.Reply reply = http.post(WIDGETS, widget(spec));
        assertEquals(422, reply.code());
        assertEquals("Widget.test.dev \"w\" is invalid: " + message, reply.message());
    }

    @Test
    void unknownFieldsAreRefusedWarnedOfOrDropped() {
        Http.Reply strict = http.post(WIDGETS + "?fieldValidation=Strict", widget("color: red, colour: red"));
        assertEquals(400, strict.code());
        assertTrue(strict.message().contains("strict decoding error: unknown field \"spec.colour\""), strict.message());
        Http.Reply warned = http.post(WIDGETS + "?fieldValidation=Warn", widget("color: red, colour: red"));
        assertEquals(201, warned.code());
        assertEquals(
                "299 - \"unknown field \\\"spec.colour\\\"\"",
                warned.raw().headers().firstValue("Warning").orElseThrow());
        assertTrue(Json.at(warned.body(), "spec", "colour").isMissingNode());
        assertEquals(3, Json.at(warned.body(), "spec", "size").asInt());
    }

    @Test
    void transitionRulesSeeTheOldValue() {
        http.post(WIDGETS, widget("color: red"));
        Http.Reply reply = http.merge(WIDGETS + "/w", "{\"spec\":{\"color\":\"green\"}}");
        assertEquals(
                "Widget.test.dev \"w\" is invalid: spec.color: Invalid value: \"red\": color cannot be changed"
                        .replace("\"red\"", "\"green\""),
                reply.message());
        assertEquals(200, http.merge(WIDGETS + "/w", "{\"spec\":{\"size\":4}}").code());
    }

    @Test
    void statusIsChangedBySubresourceOnlyAndCountsNoGeneration() {
        http.post(WIDGETS, widget("color: red"));
        http.merge(WIDGETS + "/w", "{\"status\":{\"seen\":1}}");
        assertTrue(http.get(WIDGETS + "/w").body().path("status").isMissingNode());
        Http.Reply status =
                http.merge(WIDGETS + "/w/status?fieldManager=x", "{\"status\":{\"seen\":1},\"spec\":{\"size\":9}}");
        assertEquals(1, Json.at(status.body(), "status", "seen").asInt());
        assertEquals(3, Json.at(status.body(), "spec", "size").asInt());
        assertEquals(1, Json.at(status.body(), "metadata", "generation").asInt());
        JsonNode changed = http.merge(WIDGETS + "/w", "{\"spec\":{\"size\":5}}").body();
        assertEquals(2, Json.at(changed, "metadata", "generation").asInt());
        assertEquals(1, Json.at(changed, "status", "seen").asInt());
    }

    @Test
    void scaleIsAnAutoscalingScale() {
        http.post(WIDGETS, widget("color: red, replicas: 1"));
        Http.Reply scaled = http.merge(WIDGETS + "/w/scale", "{\"spec\":{\"replicas\":4}}");
        assertEquals("autoscaling/v1", scaled.body().path("apiVersion").asText());
        assertEquals("Scale", scaled.body().path("kind").asText());
        assertEquals(
                4, Json.at(http.get(WIDGETS + "/w").body(), "spec", "replicas").asInt());
    }

    @Test
    void printerColumnsMakeATable() {
        http.post(WIDGETS, widget("color: red"));
        http.merge(WIDGETS + "/w/status", "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
        JsonNode table = http.get(WIDGETS, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .body();
        assertEquals("Table", table.path("kind").asText());
        JsonNode cells = table.path("rows").path(0).path("cells");
        assertEquals("w", cells.path(0).asText());
        assertEquals("red", cells.path(1).asText());
        assertEquals("True", cells.path(2).asText());
    }

    @Test
    void objectsGoWithTheirDefinition() {
        http.post(WIDGETS, widget("color: red"));
        http.delete(DEFINITIONS + "/widgets.test.dev", "");
        assertEquals(404, http.get(DEFINITIONS + "/widgets.test.dev").code());
        assertEquals(404, http.get(WIDGETS).code());
    }

    @Test
    void aRuleThatDoesNotCompileIsRefused() throws IOException {
        Http.Reply reply = http.post(
                DEFINITIONS,
                Http.resource("widgets.yaml")
                        .replace("self == oldSelf", "self ==")
                        .replace("widgets", "gadgets"));
        assertEquals(400, reply.code());
        assertTrue(reply.message().contains("does not compile"), reply.message());
    }
}
