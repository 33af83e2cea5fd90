package dev.prompttuning.serving.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * What every answer and chunk of one request carries.
 *
 * @param id unique
 * @param created when the request came
 * @param model as the client named it
 * @param usageFollows whether chunks say {@code "usage": null} because one at the end tells it
 */
public record Envelope(String id, Instant created, String model, boolean usageFollows) {

    ObjectNode whole(String object, Usage usage) {
        ObjectNode node = head(object);
        put(usage, node);
        return node;
    }

    ObjectNode chunk(String object) {
        ObjectNode node = head(object);
        if (usageFollows) {
            node.putNull("usage");
        }
        return node;
    }

    ObjectNode lastChunk(String object, Usage usage) {
        ObjectNode node = head(object);
        node.putArray("choices");
        put(usage, node);
        return node;
    }

    private ObjectNode head(String object) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("object", object)
                .put("created", created.getEpochSecond())
                .put("model", model);
    }

    private static void put(Usage usage, ObjectNode node) {
        node.putObject("usage")
                .put("prompt_tokens", usage.promptTokens())
                .put("completion_tokens", usage.completionTokens())
                .put("total_tokens", usage.totalTokens());
    }
}
