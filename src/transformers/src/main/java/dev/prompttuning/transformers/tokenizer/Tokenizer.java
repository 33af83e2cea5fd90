package dev.prompttuning.transformers.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.gguf.GgufModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A model's tokenizer. It never truncates and never pads. Safe for use by several threads; nothing may be called after
 * {@link #close}.
 */
public final class Tokenizer implements AutoCloseable {
    /** Without these DJL cuts every text at 512 tokens and pads. */
    private static final Map<String, String> AS_IT_IS = Map.of("truncation", "false", "padding", "false");

    private final HuggingFaceTokenizer tokenizer;
    private final Vocabulary vocabulary;
    private final TokenizerSettings settings;

    private Tokenizer(HuggingFaceTokenizer tokenizer, Vocabulary vocabulary, TokenizerSettings settings) {
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
        this.settings = settings;
    }

    /**
     * Loads {@code tokenizer.json} and what stands beside it, or the tokenizer inside a GGUF file.
     *
     * @param folder a model folder or a GGUF file
     * @throws InvalidModelException when it is missing or damaged
     */
    public static Tokenizer load(Path folder) {
        Optional<Path> gguf = GgufModel.find(folder);
        if (gguf.isPresent()) {
            return load(GgufModel.open(gguf.get()), gguf.get());
        }
        Path file = folder.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new InvalidModelException("There is no tokenizer.json in " + folder
                    + "; save the tokenizer with a fast tokenizer of transformers to get one.");
        }
        TokenizerSettings settings = TokenizerSettings.read(folder);
        try {
            return of(Files.readAllBytes(file), file, settings);
        } catch (IOException e) {
            throw new InvalidModelException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static Tokenizer load(GgufModel model, Path file) {
        try {
            return of(new ObjectMapper().writeValueAsBytes(model.tokenizer()), file, TokenizerSettings.of(model));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON nodes can always be written", e);
        }
    }

    private static Tokenizer of(byte[] json, Path file, TokenizerSettings settings) {
        try {
            Vocabulary vocabulary = Vocabulary.read(new ByteArrayInputStream(json));
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), AS_IT_IS);
            return new Tokenizer(tokenizer, vocabulary, settings);
        } catch (IOException | RuntimeException e) {
            throw new InvalidModelException(
                    file + " is not a tokenizer that can be used: " + String.valueOf(e.getMessage()) + ".", e);
        }
    }

    /**
     * The ids of a text.
     *
     * @param addSpecialTokens whether to add what the tokenizer puts around a text, such as a beginning-of-text token; special
     *     tokens written in the text itself are recognised either way
     */
    public long[] encode(String text, boolean addSpecialTokens) {
        return tokenizer.encode(text, addSpecialTokens, false).getIds();
    }

    /** A text as tokens that know where they come from, with the special tokens that the tokenizer adds. */
    public TokenizedText tokenize(String text) {
        return tokenize(text, true);
    }

    /** As {@link #tokenize(String)}, with or without the special tokens that the tokenizer adds. */
    public TokenizedText tokenize(String text, boolean addSpecialTokens) {
        return tokenized(tokenizer.encode(text, addSpecialTokens, false), text, "");
    }

    /** As {@link #tokenize(String)}, of a pair of texts, such as a question and what is to answer it. */
    public TokenizedText tokenize(String first, String second) {
        return tokenized(tokenizer.encode(first, second, true, false), first, second);
    }

    private static TokenizedText tokenized(Encoding encoding, String first, String second) {
        int count = encoding.getIds().length;
        int[] texts = new int[count];
        int[] starts = new int[count];
        int[] ends = new int[count];
        int[][] offsets = {offsets(first), offsets(second)};
        for (int token = 0; token < count; token++) {
            CharSpan span = encoding.getCharTokenSpans()[token];
            if (encoding.getSpecialTokenMask()[token] == 1 || span == null) {
                texts[token] = TokenizedText.SPECIAL;
            } else {
                texts[token] = (int) encoding.getSequenceIds()[token];
                starts[token] = offsets[texts[token]][span.getStart()];
                ends[token] = offsets[texts[token]][span.getEnd()];
            }
        }
        return new TokenizedText(narrow(encoding.getIds()), narrow(encoding.getTypeIds()), texts, starts, ends);
    }

    /** Of code points, which the tokenizer counts, in characters of Java. */
    private static int[] offsets(String text) {
        int[] offsets = new int[text.codePointCount(0, text.length()) + 1];
        for (int i = 1; i < offsets.length; i++) {
            offsets[i] = text.offsetByCodePoints(offsets[i - 1], 1);
        }
        return offsets;
    }

    private static int[] narrow(long[] numbers) {
        return Arrays.stream(numbers).mapToInt(Math::toIntExact).toArray();
    }

    /** The text of ids; ids outside the vocabulary give no text. */
    public String decode(long[] ids, boolean skipSpecialTokens) {
        return ids.length == 0 ? "" : tokenizer.decode(ids, skipSpecialTokens);
    }

    /** A decoder for one stream of tokens that leaves special tokens out. */
    public StreamingDecoder streamingDecoder() {
        return new StreamingDecoder(ids -> decode(ids, true));
    }

    /** The token of an id as it stands in the vocabulary, or empty where there is none. */
    public Optional<String> token(long id) {
        return Optional.ofNullable(vocabulary.tokens().get(id));
    }

    /** The id of a token as it stands in the vocabulary, or empty where there is none. */
    public OptionalLong id(String token) {
        Long id = vocabulary.ids().get(token);
        return id == null ? OptionalLong.empty() : OptionalLong.of(id);
    }

    public OptionalLong eosTokenId() {
        return roleId("eos");
    }

    public OptionalLong bosTokenId() {
        return roleId("bos");
    }

    /** The padding token, else the end-of-text token. */
    public OptionalLong padTokenId() {
        OptionalLong pad = roleId("pad");
        return pad.isPresent() ? pad : eosTokenId();
    }

    public Optional<String> eosToken() {
        return roleToken("eos");
    }

    public Optional<String> bosToken() {
        return roleToken("bos");
    }

    /** The padding token, else the end-of-text token. */
    public Optional<String> padToken() {
        return roleToken("pad").or(this::eosToken);
    }

    /** Ids of all special tokens. */
    public Set<Long> specialIds() {
        return Collections.unmodifiableSet(vocabulary.special());
    }

    /** All special tokens, as they are written in a text. */
    public Set<String> specialTokens() {
        return specialIds().stream().flatMap(id -> token(id).stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** The tokens that chat templates know by name, such as {@code eos_token}, as far as there are any. */
    public Map<String, String> namedTokens() {
        Map<String, String> named = new HashMap<>();
        bosToken().ifPresent(token -> named.put("bos_token", token));
        eosToken().ifPresent(token -> named.put("eos_token", token));
        padToken().ifPresent(token -> named.put("pad_token", token));
        return named;
    }

    /** One more than the largest id; the model's embedding may have more rows. */
    public int vocabSize() {
        return Math.toIntExact(Collections.max(vocabulary.tokens().keySet()) + 1);
    }

    /** The chat template in Jinja, where the model has one. */
    public Optional<String> chatTemplate() {
        return settings.chatTemplate();
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private OptionalLong roleId(String role) {
        Optional<String> token = settings.token(role);
        return token.isPresent() ? id(token.get()) : settings.idInModelConfig(role);
    }

    private Optional<String> roleToken(String role) {
        OptionalLong id = settings.idInModelConfig(role);
        return settings.token(role).or(() -> id.isPresent() ? token(id.getAsLong()) : Optional.empty());
    }
}
