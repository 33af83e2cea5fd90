package dev.prompttuning.transformers.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;

/** How a byte-level tokenizer cuts a text into words, by the name that llama.cpp's converter gives to the cut. */
final class PreTokenizers {
    private static final Set<String> GPT2 =
            Set.of("gpt-2", "gpt2", "phi-2", "jina-en", "jina-es", "jina-de", "mpt", "olmo");
    private static final Set<String> DIGITS =
            Set.of("smollm", "starcoder", "refact", "command-r", "codeshell", "exaone");
    private static final Set<String> QWEN2 = Set.of("qwen2", "deepseek-r1-qwen", "megrez");
    private static final Set<String> LLAMA3 = Set.of("llama-bpe", "llama3", "llama-v3", "smaug-bpe", "dbrx");
    private static final String SUPPORTED = "gpt-2, smollm, starcoder, qwen2, llama-bpe and their like";

    private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String WORDS = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
    private static final String REST = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private PreTokenizers() {}

    /** The cut of {@code tokenizer.ggml.pre}, as it stands in a tokenizer.json. */
    static ObjectNode of(Metadata metadata) {
        String name = name(metadata);
        if (GPT2.contains(name)) {
            return byteLevel(true);
        }
        if (DIGITS.contains(name)) {
            ObjectNode digits = node("Digits").put("individual_digits", true);
            return sequence(digits, byteLevel(true));
        }
        if (QWEN2.contains(name)) {
            return sequence(split(CONTRACTIONS + "|" + WORDS + "|\\p{N}|" + REST), byteLevel(false));
        }
        if (LLAMA3.contains(name)) {
            return sequence(split(CONTRACTIONS + "|" + WORDS + "|\\p{N}{1,3}|" + REST), byteLevel(false));
        }
        throw metadata.unsupported("tokenizer.ggml.pre", name, SUPPORTED);
    }

    /** Qwen's texts are brought into Unicode's composed form. */
    static Optional<ObjectNode> normalizer(Metadata metadata) {
        return QWEN2.contains(name(metadata)) ? Optional.of(node("NFC")) : Optional.empty();
    }

    /** Whether a whole word that is a token is one token, whatever merges say, and a text starts with a token of its own. */
    static boolean likeLlama3(Metadata metadata) {
        return Set.of("llama-bpe", "llama3", "llama-v3").contains(name(metadata));
    }

    private static String name(Metadata metadata) {
        return metadata.text("tokenizer.ggml.pre").orElse("gpt-2");
    }

    private static ObjectNode byteLevel(boolean cut) {
        return node("ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", cut);
    }

    private static ObjectNode split(String regex) {
        ObjectNode split = node("Split").put("behavior", "Isolated").put("invert", false);
        split.putObject("pattern").put("Regex", regex);
        return split;
    }

    private static ObjectNode sequence(ObjectNode first, ObjectNode second) {
        ObjectNode sequence = node("Sequence");
        ArrayNode parts = sequence.putArray("pretokenizers");
        parts.add(first).add(second);
        return sequence;
    }

    private static ObjectNode node(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }
}
