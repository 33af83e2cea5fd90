package dev.prompttuning.quickstart.tour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.prompttuning.quickstart.text.Example;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExamTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Example> QUESTIONS =
            List.of(new Example("one?", " billing"), new Example("two?", " billing"), new Example("three?", " sales"));
    private HttpServer server;

    /** Answers "tuned" with billing, "base" with what it was asked, anything else with 404. */
    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/completions", exchange -> {
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            assertEquals(0, request.path("temperature").asInt(-1));
            String model = request.path("model").asText();
            String text = model.equals("tuned")
                    ? " billing\n"
                    : request.path("prompt").asText();
            var answer = JSON.createObjectNode();
            answer.putArray("choices").addObject().put("text", text);
            boolean known = List.of("tuned", "base").contains(model);
            byte[] body = (known ? answer.toString() : "no such model").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void scoresBothModels() throws Exception {
        Exam.Result result = exam("tuned").ask(QUESTIONS, questions -> {});
        assertEquals(new Score(0, 3), result.base());
        assertEquals(new Score(2, 3), result.tuned());
        assertEquals("2 of 3, 66.7%", result.tuned().toString());
    }

    @Test
    void showsOneQuestionOfEachAnswer() throws Exception {
        Exam.Result result = exam("tuned").ask(QUESTIONS, questions -> {});
        assertEquals(
                List.of("one?", "three?"),
                result.samples(5).stream()
                        .map(answers -> answers.question().prompt())
                        .toList());
    }

    @Test
    void tellsWhyAnAnswerIsMissing() {
        var failure =
                assertThrows(StepFailedException.class, () -> exam("absent").ask(QUESTIONS, questions -> {}));
        assertTrue(failure.getMessage().contains("404: no such model"), failure.getMessage());
    }

    private Exam exam(String tuned) {
        return new Exam(
                new CompletionsClient("http://127.0.0.1:" + server.getAddress().getPort()), "base", tuned);
    }
}
