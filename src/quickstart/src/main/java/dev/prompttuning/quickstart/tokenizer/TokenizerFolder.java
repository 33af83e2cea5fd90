package dev.prompttuning.quickstart.tokenizer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A byte-level BPE tokenizer as the files of a model folder: {@code tokenizer.json} and {@code tokenizer_config.json}. Ids: the
 * special tokens, the 256 bytes, the merges.
 */
public final class TokenizerFolder {
    /** Ends every text and answer. */
    public static final String END_OF_TEXT = "<|endoftext|>";
    /** Begins a chat's turn. */
    public static final String TURN_START = "<|im_start|>";
    /** Ends a chat's turn. */
    public static final String TURN_END = "<|im_end|>";

    private static final List<String> SPECIAL = List.of(END_OF_TEXT, TURN_START, TURN_END);
    private static final String CHAT_TEMPLATE = "{% for message in messages %}{{ '" + TURN_START
            + "' + message['role'] + '\\n' + message['content'] + '" + TURN_END
            + "' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '" + TURN_START + "assistant\\n' }}{% endif %}";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final List<String> tokens;
    private final List<BytePairTrainer.Pair> merges;

    private TokenizerFolder(List<BytePairTrainer.Pair> merges) {
        this.merges = merges;
        Set<String> unique = new LinkedHashSet<>();
        Stream.of(SPECIAL, ByteLevel.characters()).forEach(unique::addAll);
        merges.forEach(merge -> unique.add(merge.merged()));
        this.tokens = new ArrayList<>(unique);
    }

    /**
     * Learns a tokenizer of at most so many tokens.
     *
     * @throws IllegalArgumentException when the bytes and the special tokens alone are more
     */
    public static TokenizerFolder learn(Stream<String> texts, int vocabularySize) {
        int least = SPECIAL.size() + 256;
        if (vocabularySize < least) {
            throw new IllegalArgumentException(
                    "A vocabulary of " + vocabularySize + " tokens is too small; it needs at least " + least + ".");
        }
        BytePairTrainer trainer = new BytePairTrainer();
        texts.forEach(text -> trainer.add(withoutSpecial(text)));
        return new TokenizerFolder(trainer.merges(vocabularySize - least));
    }

    /** The number of tokens, special ones included. */
    public int size() {
        return tokens.size();
    }

    /** The id of a special token. */
    public int id(String special) {
        return tokens.indexOf(special);
    }

    /** Writes both files. */
    public void write(Path folder) throws IOException {
        JSON.writeValue(folder.resolve("tokenizer.json").toFile(), tokenizer());
        JSON.writeValue(folder.resolve("tokenizer_config.json").toFile(), config());
    }

    private ObjectNode tokenizer() {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        SPECIAL.forEach(token -> describe(added.addObject().put("id", id(token)), token));
        root.putNull("normalizer");
        byteLevel(root.putObject("pre_tokenizer"), false);
        byteLevel(root.putObject("post_processor"), true);
        byteLevel(root.putObject("decoder"), true);
        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.putNull("dropout").putNull("unk_token");
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(tokens.get(id), id);
        }
        ArrayNode pairs = model.putArray("merges");
        merges.forEach(merge -> pairs.add(merge.left() + " " + merge.right()));
        return root;
    }

    private ObjectNode config() {
        ObjectNode root = JSON.createObjectNode().put("tokenizer_class", "PreTrainedTokenizerFast");
        root.put("add_prefix_space", false).put("clean_up_tokenization_spaces", false);
        root.putNull("bos_token");
        root.put("eos_token", END_OF_TEXT).put("pad_token", END_OF_TEXT).putNull("unk_token");
        root.putArray("additional_special_tokens").add(TURN_START).add(TURN_END);
        ObjectNode added = root.putObject("added_tokens_decoder");
        SPECIAL.forEach(token -> describe(added.putObject(String.valueOf(id(token))), token));
        return root.put("chat_template", CHAT_TEMPLATE);
    }

    private static void describe(ObjectNode node, String token) {
        node.put("content", token)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false);
        node.put("normalized", false).put("special", true);
    }

    private static void byteLevel(ObjectNode node, boolean trimOffsets) {
        node.put("type", "ByteLevel").put("add_prefix_space", false);
        node.put("trim_offsets", trimOffsets).put("use_regex", true);
    }

    private static String withoutSpecial(String text) {
        String plain = text;
        for (String token : SPECIAL) {
            plain = plain.replace(token, "");
        }
        return plain;
    }
}
