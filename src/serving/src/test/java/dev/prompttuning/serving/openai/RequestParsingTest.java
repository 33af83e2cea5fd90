package dev.prompttuning.serving.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestParsingTest {

    @Test
    void readsEveryOptionOfACompletion() {
        CompletionRequest request = CompletionRequest.parse(
                """
                {"model":"m","prompt":["a","b"],"n":2,"max_tokens":7,"temperature":0.5,"top_p":0.9,"top_k":-1,
                 "repetition_penalty":1.1,"seed":-3,"stop":"\\n","min_tokens":2,"stop_token_ids":[5],"ignore_eos":true,
                 "echo":true,"stream":true,"stream_options":{"include_usage":true},"user":"u","logit_bias":{"7":-100},
                 "min_p":0.05,"presence_penalty":0.5,"frequency_penalty":-0.5}""");
        assertEquals(List.of(new Prompt.Text("a"), new Prompt.Text("b")), request.prompts());
        assertEquals(
                new SamplingOptions(
                        OptionalDouble.of(0.5),
                        OptionalDouble.of(0.9),
                        OptionalInt.of(0),
                        0.05,
                        OptionalDouble.of(1.1),
                        0.5,
                        -0.5,
                        Map.of(7, -100.0),
                        OptionalLong.of(-3),
                        OptionalInt.of(7),
                        2,
                        List.of("\n"),
                        List.of(5),
                        true),
                request.sampling());
        assertEquals(new Delivery(true, true), request.delivery());
        assertTrue(request.echo());
        assertEquals(2, request.n());
    }

    @Test
    void readsPromptsOfTokenIds() {
        assertEquals(
                List.of(new Prompt.TokenIds(new long[] {1, 2})),
                CompletionRequest.parse("{\"model\":\"m\",\"prompt\":[1,2]}").prompts());
        assertEquals(
                List.of(new Prompt.TokenIds(new long[] {1}), new Prompt.TokenIds(new long[] {2, 3})),
                CompletionRequest.parse("{\"model\":\"m\",\"prompt\":[[1],[2,3]]}")
                        .prompts());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "temperature       | \"hot\"  | 'temperature' must be a number between 0 and 2, not \"hot\".",
                "temperature       | 2.5      | 'temperature' must be a number between 0 and 2, not 2.5.",
                "top_p             | -1       | 'top_p' must be a number between 0 and 1, not -1.",
                "top_k             | 1.5      | 'top_k' must be a whole number of at least -1, not 1.5.",
                "max_tokens        | -1       | 'max_tokens' must be a whole number of at least 0, not -1.",
                "max_tokens        | 1e99     | 'max_tokens' must be a whole number of at least 0, not 1.0E99.",
                "n                 | 0        | 'n' must be a whole number between 1 and 128, not 0.",
                "seed              | \"x\"    | 'seed' must be a whole number, not \"x\".",
                "stop              | [1]      | 'stop' must be a string or an array of at most 16 strings, not [1].",
                "stop_token_ids    | [\"a\"]  | 'stop_token_ids' must be an array of token ids, not [\"a\"].",
                "stream            | 1        | 'stream' must be true or false, not 1.",
                "stream_options    | {}       | 'stream_options' goes with 'stream': true only; leave it out.",
                "logprobs          | 1        | 'logprobs' is not supported by this server; leave it out.",
                "presence_penalty  | 3        | 'presence_penalty' must be a number between -2 and 2, not 3.",
                "logit_bias        | {\"a\":1} | 'logit_bias' names tokens by their ids, not by \"a\".",
                "tools             | [{}]     | 'tools' is not supported by this server; leave it out.",
                "response_format   | {\"type\":\"json_object\"} | 'response_format' is not supported by this server; leave it out.",
                "prompt            | {}       | 'prompt' must be a string, an array of strings, or an array of token ids, not {}.",
                "model             | 3        | 'model' must be a string, not 3."
            })
    void namesTheParameterThatIsWrong(String param, String value, String message) {
        String others = param.equals("prompt") ? "\"model\":\"m\"" : "\"prompt\":\"p\"";
        String model = param.equals("model") || param.equals("prompt") ? "" : ",\"model\":\"m\"";
        ApiException e = assertThrows(
                ApiException.class,
                () -> CompletionRequest.parse("{" + others + model + ",\"" + param + "\":" + value + "}"));
        assertEquals(message, e.getMessage());
        assertEquals(param, e.body().at("/error/param").asText());
        assertEquals(400, e.status());
        assertEquals("invalid_request_error", e.body().at("/error/type").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"model\":", "nonsense", "{\"model\":\"a\",\"model\":\"b\"}"})
    void refusesBodiesThatAreNoObjects(String body) {
        assertEquals(
                400,
                assertThrows(ApiException.class, () -> CompletionRequest.parse(body))
                        .status());
    }

    @Test
    void acceptsOptionsThatAskForNothing() {
        CompletionRequest.parse(
                """
                {"model":"m","prompt":"p","presence_penalty":0,"frequency_penalty":0.0,"logit_bias":{},"tools":[],
                 "tool_choice":"none","response_format":{"type":"text"},"best_of":1,"suffix":null,"logprobs":null}""");
    }

    @Test
    void readsAChat() {
        ChatRequest request = ChatRequest.parse(
                """
                {"model":"m","messages":[{"role":"system","content":"s"},
                 {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}],
                 "max_tokens":5,"max_completion_tokens":6,"chat_template_kwargs":{"enable_thinking":false}}""");
        assertEquals("ab", request.messages().get(1).get("content"));
        assertEquals(OptionalInt.of(6), request.sampling().maxTokens());
        assertEquals(false, request.templateArguments().get("enable_thinking"));
        assertTrue(request.addGenerationPrompt());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                             | messages",
                "[{\"content\":\"x\"}]                          | messages[0]",
                "[{\"role\":\"user\"}]                          | messages[0].content",
                "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}] | messages[0].content",
            })
    void namesTheMessageThatIsWrong(String messages, String param) {
        ApiException e = assertThrows(
                ApiException.class, () -> ChatRequest.parse("{\"model\":\"m\",\"messages\":" + messages + "}"));
        assertEquals(param, e.body().at("/error/param").asText());
    }
}
