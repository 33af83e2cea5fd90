package dev.prompttuning.transformers.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.transformers.InvalidModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which files of a model are fetched: what this program reads, and no other format's weights. */
final class ModelFiles {
    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final List<String> OPTIONAL = List.of(
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "chat_template.jinja");

    private ModelFiles() {}

    /** Where files come from. */
    @FunctionalInterface
    interface Source {
        /** Puts a file into the folder and returns true, or returns false where the source does not have it. */
        boolean fetch(String name);
    }

    /**
     * Fetches a model's files, small ones first.
     *
     * @param origin the source for messages
     * @throws InvalidModelException when the source lacks what a model needs
     */
    static void fetch(Source source, Path folder, String origin) {
        if (!source.fetch(CONFIG)) {
            throw new InvalidModelException(
                    origin + " has no config.json, so it is not a model in the Hugging Face layout.");
        }
        OPTIONAL.forEach(source::fetch);
        if (source.fetch(WEIGHTS)) {
            return;
        }
        if (!source.fetch(INDEX)) {
            throw new InvalidModelException(origin + " has neither " + WEIGHTS + " nor " + INDEX
                    + "; use a revision or a conversion of this model with safetensors weights.");
        }
        for (String shard : shards(folder.resolve(INDEX), origin)) {
            if (!source.fetch(shard)) {
                throw new InvalidModelException(
                        origin + " lacks the shard " + shard + ", which its " + INDEX + " names.");
            }
        }
    }

    private static Set<String> shards(Path index, String origin) {
        Set<String> shards = new TreeSet<>();
        try {
            for (JsonNode shard :
                    new ObjectMapper().readTree(Files.readString(index)).path("weight_map")) {
                shards.add(shard.asText());
            }
        } catch (IOException e) {
            throw new InvalidModelException("The " + INDEX + " of " + origin + " is not valid JSON.", e);
        }
        for (String shard : shards) {
            // The name comes from the repository and must not lead out of the folder.
            if (!shard.matches("[\\w.-]+\\.safetensors")) {
                throw new InvalidModelException(
                        "The " + INDEX + " of " + origin + " names the impossible shard \"" + shard + "\".");
            }
        }
        return shards;
    }
}
