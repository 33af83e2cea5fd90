package dev.prompttuning.transformers.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What {@code tokenizer.json} and {@code tokenizer_config.json} of the model would say. */
final class GgufTokenizer {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNUSED = 5;

    private final Metadata metadata;
    private final List<String> tokens;
    private final List<Long> kinds;

    GgufTokenizer(Metadata metadata) {
        this.metadata = metadata;
        this.tokens = metadata.texts(PREFIX + "tokens");
        this.kinds = metadata.integers(PREFIX + "token_type");
        if (tokens.isEmpty()) {
            throw metadata.missing(PREFIX + "tokens");
        }
        if (!kinds.isEmpty() && kinds.size() != tokens.size()) {
            throw metadata.invalid("has " + tokens.size() + " tokens, but " + kinds.size() + " types of tokens");
        }
    }

    /** @throws dev.prompttuning.transformers.InvalidModelException when the kind of tokenizer is not supported */
    ObjectNode json() {
        String model = metadata.text(PREFIX + "model").orElseThrow(() -> metadata.missing(PREFIX + "model"));
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", "1.0");
        json.set("added_tokens", addedTokens());
        switch (model) {
            case "gpt2" -> putByteLevel(json);
            case "llama" -> putSentencePiece(json);
            default -> throw metadata.unsupported(PREFIX + "model", model, "gpt2, llama");
        }
        return json;
    }

    ObjectNode config() {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, String> role : Map.of("bos", "bos", "eos", "eos", "pad", "padding", "unk", "unknown")
                .entrySet()) {
            OptionalLong id = metadata.integer(PREFIX + role.getValue() + "_token_id");
            if (id.isPresent() && id.getAsLong() < tokens.size()) {
                config.put(role.getKey() + "_token", tokens.get((int) id.getAsLong()));
            }
        }
        metadata.text("tokenizer.chat_template").ifPresent(template -> config.put("chat_template", template));
        return config.put("tokenizer_class", "PreTrainedTokenizerFast");
    }

    private void putByteLevel(ObjectNode json) {
        PreTokenizers.normalizer(metadata).ifPresent(normalizer -> json.set("normalizer", normalizer));
        json.set("pre_tokenizer", PreTokenizers.of(metadata));
        boolean likeLlama3 = PreTokenizers.likeLlama3(metadata);
        putTemplate(json, likeLlama3);
        json.putObject("decoder")
                .put("type", "ByteLevel")
                .put("add_prefix_space", true)
                .put("trim_offsets", true)
                .put("use_regex", true);
        ObjectNode model = json.putObject("model").put("type", "BPE").put("ignore_merges", likeLlama3);
        model.set("vocab", vocabulary());
        ArrayNode merges = model.putArray("merges");
        for (String merge : metadata.texts(PREFIX + "merges")) {
            // Bytes are written as letters, so the only space is the one between the parts.
            if (merge.indexOf(' ') < 1 || merge.indexOf(' ') != merge.lastIndexOf(' ')) {
                throw metadata.invalid("has a merge \"" + merge + "\", which is not of two parts");
            }
            merges.add(merge);
        }
    }

    /** SentencePiece's byte pairs: scores take the place of merges, and bytes stand for what no token covers. */
    private void putSentencePiece(ObjectNode json) {
        boolean prefixed = metadata.flag(PREFIX + "add_space_prefix", true);
        ArrayNode normalizers =
                json.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        if (prefixed) {
            normalizers.addObject().put("type", "Prepend").put("prepend", SentencePieces.SPACE);
        }
        normalizers
                .addObject()
                .put("type", "Replace")
                .put("content", SentencePieces.SPACE)
                .putObject("pattern")
                .put("String", " ");
        putTemplate(json, true);
        ArrayNode decoders = json.putObject("decoder").put("type", "Sequence").putArray("decoders");
        decoders.addObject()
                .put("type", "Replace")
                .put("content", " ")
                .putObject("pattern")
                .put("String", SentencePieces.SPACE);
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        if (prefixed) {
            decoders.addObject()
                    .put("type", "Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0);
        }
        ObjectNode model =
                json.putObject("model").put("type", "BPE").put("fuse_unk", true).put("byte_fallback", true);
        metadata.integer(PREFIX + "unknown_token_id").ifPresent(id -> model.put("unk_token", tokens.get((int) id)));
        model.set("vocab", vocabulary());
        model.set("merges", new SentencePieces(metadata, tokens, id -> !isAdded(id)).merges());
    }

    /** What stands around a text: by default the beginning token with some tokenizers, and nothing with others. */
    private void putTemplate(ObjectNode json, boolean beginsByDefault) {
        ObjectNode template = json.putObject("post_processor").put("type", "TemplateProcessing");
        ArrayNode single = template.putArray("single");
        ArrayNode pair = template.putArray("pair");
        ObjectNode special = template.putObject("special_tokens");
        if (metadata.flag(PREFIX + "add_bos_token", beginsByDefault)) {
            putSpecial("bos", single, special);
        }
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        if (metadata.flag(PREFIX + "add_eos_token", false)) {
            putSpecial("eos", single, special);
        }
        pair.addAll(single.deepCopy());
        pair.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
    }

    private void putSpecial(String role, ArrayNode template, ObjectNode special) {
        long id = metadata.requiredInteger(PREFIX + role + "_token_id");
        if (id >= tokens.size()) {
            throw metadata.invalid("has the " + role + " token " + id + ", but only " + tokens.size() + " tokens");
        }
        String token = tokens.get((int) id);
        template.addObject().putObject("SpecialToken").put("id", token).put("type_id", 0);
        ObjectNode entry = special.putObject(token).put("id", token);
        entry.putArray("ids").add(id);
        entry.putArray("tokens").add(token);
    }

    /** All tokens but those that only fill the table up. */
    private ObjectNode vocabulary() {
        ObjectNode vocabulary = JsonNodeFactory.instance.objectNode();
        for (int id = 0; id < tokens.size(); id++) {
            if (kind(id) != UNUSED) {
                vocabulary.put(tokens.get(id), id);
            }
        }
        return vocabulary;
    }

    private ArrayNode addedTokens() {
        ArrayNode added = JsonNodeFactory.instance.arrayNode();
        for (int id = 0; id < tokens.size(); id++) {
            if (isAdded(id)) {
                added.addObject()
                        .put("id", id)
                        .put("content", tokens.get(id))
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", kind(id) != USER_DEFINED);
            }
        }
        return added;
    }

    private boolean isAdded(int id) {
        long kind = kind(id);
        return kind == UNKNOWN || kind == CONTROL || kind == USER_DEFINED;
    }

    private long kind(int id) {
        return kinds.isEmpty() ? 1 : kinds.get(id);
    }
}
