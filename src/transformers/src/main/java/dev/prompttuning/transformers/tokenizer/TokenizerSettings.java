package dev.prompttuning.transformers.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.gguf.GgufModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** What stands beside {@code tokenizer.json}: the roles of special tokens and the chat template. */
record TokenizerSettings(JsonNode tokenizerConfig, JsonNode specialTokensMap, JsonNode config, Optional<String> jinja) {

    static TokenizerSettings read(Path folder) {
        Path jinja = folder.resolve("chat_template.jinja");
        return new TokenizerSettings(
                json(folder.resolve("tokenizer_config.json")),
                json(folder.resolve("special_tokens_map.json")),
                json(folder.resolve("config.json")),
                Files.isRegularFile(jinja) ? Optional.of(text(jinja)) : Optional.empty());
    }

    static TokenizerSettings of(GgufModel model) {
        return new TokenizerSettings(
                model.tokenizerConfig(), MissingNode.getInstance(), model.config(), Optional.empty());
    }

    /** The token in a role such as {@code eos}, written as a string or as an object with {@code content}. */
    Optional<String> token(String role) {
        return content(tokenizerConfig.path(role + "_token")).or(() -> content(specialTokensMap.path(role + "_token")));
    }

    /** The model's own word on the id in a role, for folders whose tokenizer files say nothing. */
    OptionalLong idInModelConfig(String role) {
        JsonNode id = config.path(role + "_token_id");
        JsonNode first = id.isArray() ? id.path(0) : id;
        return first.isIntegralNumber() ? OptionalLong.of(first.asLong()) : OptionalLong.empty();
    }

    /** {@code chat_template.jinja}, else the template in tokenizer_config.json: a string, or a list with one named default. */
    Optional<String> chatTemplate() {
        JsonNode template = tokenizerConfig.path("chat_template");
        if (jinja.isPresent()) {
            return jinja;
        }
        if (template.isTextual()) {
            return Optional.of(template.asText());
        }
        for (JsonNode entry : template) {
            if (entry.path("name").asText().equals("default")) {
                return content(entry.path("template"));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> content(JsonNode token) {
        JsonNode text = token.isObject() ? token.path("content") : token;
        return text.isTextual() ? Optional.of(text.asText()) : Optional.empty();
    }

    private static JsonNode json(Path file) {
        if (!Files.isRegularFile(file)) {
            return MissingNode.getInstance();
        }
        try {
            return new ObjectMapper().readTree(text(file));
        } catch (IOException e) {
            throw new InvalidModelException(file + " cannot be read as JSON; download it again.", e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new InvalidModelException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
