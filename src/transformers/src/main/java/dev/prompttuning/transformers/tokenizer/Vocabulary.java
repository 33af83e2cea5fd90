package dev.prompttuning.transformers.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The tokens of a {@code tokenizer.json}, added tokens included.
 *
 * @param ids each token's id
 * @param tokens each id's token
 * @param special ids of the added tokens marked special
 */
record Vocabulary(Map<String, Long> ids, Map<Long, String> tokens, Set<Long> special) {

    /** Reads as a stream: merges of large vocabularies are long, and not needed here. */
    static Vocabulary read(InputStream tokenizerJson) throws IOException {
        Vocabulary vocabulary = new Vocabulary(new HashMap<>(), new HashMap<>(), new HashSet<>());
        Map<Long, String> added = new HashMap<>();
        JsonFactory factory = new ObjectMapper().getFactory();
        try (JsonParser parser = factory.createParser(tokenizerJson)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "added_tokens" -> vocabulary.readAdded(parser, added);
                    case "model" -> vocabulary.readModel(parser);
                    default -> parser.skipChildren();
                }
            }
        }
        added.forEach((id, token) -> vocabulary.put(token, id));
        return vocabulary;
    }

    private void put(String token, long id) {
        ids.put(token, id);
        tokens.put(id, token);
    }

    private void readAdded(JsonParser parser, Map<Long, String> added) throws IOException {
        JsonNode entries = parser.readValueAsTree();
        for (JsonNode entry : entries) {
            long id = entry.path("id").asLong();
            added.put(id, entry.path("content").asText());
            if (entry.path("special").asBoolean()) {
                special.add(id);
            }
        }
    }

    private void readModel(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean vocab = parser.currentName().equals("vocab");
            JsonToken value = parser.nextToken();
            if (vocab && value == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String token = parser.currentName();
                    put(token, parser.nextLongValue(-1));
                }
            } else if (vocab && value == JsonToken.START_ARRAY) {
                readPieces(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    /** A Unigram model's pieces, {@code [token, score]} each, numbered in their order. */
    private void readPieces(JsonParser parser) throws IOException {
        for (long id = 0; parser.nextToken() == JsonToken.START_ARRAY; id++) {
            put(parser.nextTextValue(), id);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                parser.skipChildren();
            }
        }
    }
}
