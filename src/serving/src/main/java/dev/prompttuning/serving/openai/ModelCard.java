package dev.prompttuning.serving.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An entry of {@code GET /v1/models}.
 *
 * @param created when it was loaded
 * @param root where it was loaded from
 * @param parent the base model of an adapter
 * @param maxModelLength tokens that a prompt and its answer may have together, virtual ones included
 */
public record ModelCard(String id, Instant created, String root, Optional<String> parent, int maxModelLength) {

    /** The body of {@code GET /v1/models}. */
    public static ObjectNode list(List<ModelCard> cards) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("object", "list");
        ArrayNode data = body.putArray("data");
        cards.forEach(card -> data.add(card.json()));
        return body;
    }

    /** The body of {@code GET /v1/models/{id}}. */
    public ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("object", "model")
                .put("created", created.getEpochSecond())
                .put("owned_by", "prompt-tuning")
                .put("root", root)
                .put("parent", parent.orElse(null))
                .put("max_model_len", maxModelLength);
    }
}
