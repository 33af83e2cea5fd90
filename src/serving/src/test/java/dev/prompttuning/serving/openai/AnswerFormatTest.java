package dev.prompttuning.serving.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswerFormatTest {
    private final Envelope envelope = new Envelope("id-1", Instant.ofEpochSecond(9), "tuned", true);

    @Test
    void writesAWholeCompletion() {
        assertEquals(
                "{\"id\":\"id-1\",\"object\":\"text_completion\",\"created\":9,\"model\":\"tuned\","
                        + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5},"
                        + "\"choices\":[{\"index\":0,\"text\":\"hi\",\"logprobs\":null,\"finish_reason\":\"stop\"}]}",
                new CompletionFormat(envelope)
                        .answer(List.of(new Choice(0, "hi", FinishReason.STOP)), new Usage(3, 2))
                        .toString());
    }

    @Test
    void writesTheChunksOfAChat() {
        ChatFormat format = new ChatFormat(envelope);
        String head =
                "{\"id\":\"id-1\",\"object\":\"chat.completion.chunk\",\"created\":9,\"model\":\"tuned\",\"usage\":null,";
        assertEquals(
                Optional.of(head + "\"choices\":[{\"index\":1,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},"
                        + "\"logprobs\":null,\"finish_reason\":null}]}"),
                format.opening(1).map(Object::toString));
        assertEquals(
                head
                        + "\"choices\":[{\"index\":1,\"delta\":{\"content\":\"a\"},\"logprobs\":null,\"finish_reason\":null}]}",
                format.text(1, "a").toString());
        assertEquals(
                head + "\"choices\":[{\"index\":1,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"length\"}]}",
                format.finish(1, FinishReason.LENGTH).toString());
        assertEquals(0, format.usage(new Usage(1, 2)).path("choices").size());
        assertEquals(3, format.usage(new Usage(1, 2)).at("/usage/total_tokens").asInt());
    }

    @Test
    void listsModelsWithTheirParent() {
        String json = ModelCard.list(List.of(
                        new ModelCard("base", Instant.ofEpochSecond(1), "/m", Optional.empty(), 8),
                        new ModelCard("tuned", Instant.ofEpochSecond(2), "/a", Optional.of("base"), 8)))
                .toString();
        assertEquals(
                "{\"object\":\"list\",\"data\":["
                        + "{\"id\":\"base\",\"object\":\"model\",\"created\":1,\"owned_by\":\"prompt-tuning\",\"root\":\"/m\","
                        + "\"parent\":null,\"max_model_len\":8},"
                        + "{\"id\":\"tuned\",\"object\":\"model\",\"created\":2,\"owned_by\":\"prompt-tuning\",\"root\":\"/a\","
                        + "\"parent\":\"base\",\"max_model_len\":8}]}",
                json);
    }
}
