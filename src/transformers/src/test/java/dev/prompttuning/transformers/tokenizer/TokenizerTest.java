package dev.prompttuning.transformers.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.transformers.InvalidModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
    private static final Path MODELS = Path.of("src/test/resources/models");
    private static final String TEXT =
            "The quick fox\n\n  jumps: 1234 times. 提示调优让模型听话，省显存。 Ünïcödé 👩‍👩‍👧 🎉! Привет مرحبا";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "qwen3", "gpt2", "bloom"})
    void roundTripsText(String model) {
        try (Tokenizer tokenizer = Tokenizer.load(MODELS.resolve(model))) {
            long[] ids = tokenizer.encode(TEXT, false);
            assertEquals(TEXT, tokenizer.decode(ids, true));
            assertTrue(Arrays.stream(ids).allMatch(id -> id < tokenizer.vocabSize()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "gpt2", "bloom"})
    void streamsTheSameTextInWholeCharacters(String model) {
        try (Tokenizer tokenizer = Tokenizer.load(MODELS.resolve(model))) {
            assertEquals(TEXT, stream(tokenizer, TEXT));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "mistral"})
    void keepsTheSpacesOfSentencePiece(String model) {
        String text = "A quick brown fox jumps over  the lazy dog";
        try (Tokenizer tokenizer = Tokenizer.load(MODELS.resolve(model))) {
            assertEquals(text, tokenizer.decode(tokenizer.encode(text, true), true));
            assertEquals(text, stream(tokenizer, text));
        }
    }

    @Test
    void putsBytesOfSentencePieceTogether() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), byteFallbackTokenizer());
        String text = "fox 提示 🎉🎉 fox";
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            assertTrue(tokenizer.encode(text, false).length > text.length());
            assertEquals(text, tokenizer.decode(tokenizer.encode(text, false), true));
            assertEquals(text, stream(tokenizer, text));
        }
    }

    /** A tokenizer of Llama 2's kind: a few letters, and bytes for all else. */
    private static String byteFallbackTokenizer() {
        StringBuilder vocab = new StringBuilder("\"<unk>\":0");
        for (int value = 0; value < 256; value++) {
            vocab.append(",\"<0x%02X>\":%d".formatted(value, value + 1));
        }
        vocab.append(",\"\u2581\":257,\"f\":258,\"o\":259,\"x\":260,\"fo\":261");
        return """
                {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],
                "normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"\u2581"},
                  {"type":"Replace","pattern":{"String":" "},"content":"\u2581"}]},
                "pre_tokenizer":null,"post_processor":null,
                "decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"\u2581"},"content":" "},
                  {"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]},
                "model":{"type":"BPE","unk_token":"<unk>","fuse_unk":true,"byte_fallback":true,
                  "vocab":{%s},"merges":[["f","o"]]}}"""
                .formatted(vocab);
    }

    /** Encodes and streams a text, and checks that each part is made of whole characters. */
    private static String stream(Tokenizer tokenizer, String text) {
        StreamingDecoder decoder = tokenizer.streamingDecoder();
        StringBuilder streamed = new StringBuilder();
        for (long id : tokenizer.encode(text, true)) {
            String part = decoder.add(id);
            assertTrue(part.indexOf('\uFFFD') < 0, part);
            assertTrue(part.isEmpty() || !Character.isLowSurrogate(part.charAt(0)), part);
            streamed.append(part);
        }
        assertEquals("", decoder.flush());
        return streamed.toString();
    }

    @Test
    void keepsSpacesAroundSkippedTokensWhenStreaming() {
        try (Tokenizer tokenizer = Tokenizer.load(MODELS.resolve("llama"))) {
            long eos = tokenizer.eosTokenId().orElseThrow();
            StreamingDecoder decoder = tokenizer.streamingDecoder();
            List<Long> ids = new ArrayList<>();
            for (String word : List.of("one", "two")) {
                Arrays.stream(tokenizer.encode(word, false)).forEach(ids::add);
                ids.add(eos);
            }
            String streamed = String.join("", ids.stream().map(decoder::add).toList()) + decoder.flush();
            long[] all = ids.stream().mapToLong(Long::longValue).toArray();
            assertEquals(tokenizer.decode(all, true), streamed);
        }
    }

    @Test
    void showsAnUnfinishedCharacterOnlyAtTheEnd() {
        try (Tokenizer tokenizer = Tokenizer.load(MODELS.resolve("gpt2"))) {
            long[] emoji = tokenizer.encode("🎉", false);
            assertTrue(emoji.length > 1);
            StreamingDecoder decoder = tokenizer.streamingDecoder();
            assertEquals("", decoder.add(emoji[0]));
            assertEquals("\uFFFD", decoder.flush());
        }
    }

    @Test
    void doesNotHoldBackInvalidBytesForEver() {
        try (Tokenizer tokenizer = Tokenizer.load(MODELS.resolve("gpt2"))) {
            long continuation = tokenizer.encode("🎉", false)[1];
            StreamingDecoder decoder = tokenizer.streamingDecoder();
            int written = 0;
            for (int i = 0; i < 200; i++) {
                written += decoder.add(continuation).length();
            }
            assertTrue(written > 150, "only " + written + " characters after 200 tokens");
        }
    }

    @Test
    void neitherTruncatesNorPads() {
        try (Tokenizer tokenizer = Tokenizer.load(MODELS.resolve("qwen2"))) {
            String text = "word ".repeat(3000);
            assertEquals(text, tokenizer.decode(tokenizer.encode(text, true), true));
            assertEquals(0, tokenizer.encode("", false).length);
            assertEquals("", tokenizer.decode(new long[0], true));
        }
    }

    @Test
    void knowsTheRolesOfTokens() {
        try (Tokenizer tokenizer = Tokenizer.load(MODELS.resolve("qwen2"))) {
            assertEquals(Optional.of("<|im_end|>"), tokenizer.eosToken());
            assertEquals(tokenizer.id("<|im_end|>"), tokenizer.eosTokenId());
            assertEquals(tokenizer.id("<|endoftext|>"), tokenizer.padTokenId());
            assertTrue(tokenizer.specialIds().contains(tokenizer.eosTokenId().orElseThrow()));
            assertEquals(
                    Optional.of("<|im_end|>"),
                    tokenizer.token(tokenizer.eosTokenId().orElseThrow()));
            assertEquals(OptionalLong.empty(), tokenizer.id("no such token"));
            assertEquals(Optional.empty(), tokenizer.token(1L << 40));
            assertTrue(tokenizer.chatTemplate().orElseThrow().contains("<|im_start|>"));
            long[] ids = tokenizer.encode("a<|im_end|>", false);
            assertEquals(tokenizer.eosTokenId().orElseThrow(), ids[ids.length - 1]);
            assertEquals("a", tokenizer.decode(ids, true));
            assertEquals("a<|im_end|>", tokenizer.decode(ids, false));
        }
        try (Tokenizer tokenizer = Tokenizer.load(MODELS.resolve("gpt2"))) {
            assertEquals(tokenizer.eosTokenId(), tokenizer.padTokenId());
            assertEquals(Optional.empty(), tokenizer.chatTemplate());
        }
        try (Tokenizer tokenizer = Tokenizer.load(MODELS.resolve("llama"))) {
            assertEquals(tokenizer.bosTokenId().orElseThrow(), tokenizer.encode("a", true)[0]);
            assertEquals(tokenizer.encode("a", true).length - 1, tokenizer.encode("a", false).length);
        }
    }

    @Test
    void readsEveryFormOfTheSettings() throws IOException {
        Files.copy(MODELS.resolve("gpt2/tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("config.json"), "{\"bos_token_id\":3,\"eos_token_id\":[5,6]}");
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            assertEquals(OptionalLong.of(5), tokenizer.eosTokenId());
            assertEquals(OptionalLong.of(3), tokenizer.bosTokenId());
            assertEquals(tokenizer.token(5), tokenizer.padToken());
        }
        Files.writeString(folder.resolve("special_tokens_map.json"), "{\"bos_token\":\"<|endoftext|>\"}");
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                """
                {"eos_token":{"content":"<|endoftext|>","special":true},
                "chat_template":[{"name":"tool_use","template":"T"},{"name":"default","template":"D"}]}""");
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            assertEquals(Optional.of("<|endoftext|>"), tokenizer.bosToken());
            assertEquals(tokenizer.id("<|endoftext|>"), tokenizer.eosTokenId());
            assertEquals(Optional.of("D"), tokenizer.chatTemplate());
        }
        Files.writeString(folder.resolve("chat_template.jinja"), "J");
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            assertEquals(Optional.of("J"), tokenizer.chatTemplate());
        }
    }

    @Test
    void readsTheVocabularyOfAUnigramModel() throws IOException {
        Path file = Files.writeString(
                folder.resolve("tokenizer.json"),
                """
                {"added_tokens":[{"id":2,"content":"<s>","special":true}],
                "model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0.0],["\u2581a",-1.5]]}}""");
        Vocabulary vocabulary = Vocabulary.read(Files.newInputStream(file));
        assertEquals(1L, vocabulary.ids().get("\u2581a"));
        assertEquals("<s>", vocabulary.tokens().get(2L));
        assertEquals(3, vocabulary.tokens().size());
    }

    @Test
    void servesSeveralThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Tokenizer tokenizer = Tokenizer.load(MODELS.resolve("qwen2"))) {
            long[] expected = tokenizer.encode(TEXT, true);
            List<Future<long[]>> encoded = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                encoded.add(threads.submit(() -> tokenizer.encode(TEXT, true)));
            }
            for (Future<long[]> ids : encoded) {
                assertArrayEquals(expected, ids.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        assertTrue(refusal().contains("There is no tokenizer.json in " + folder));
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\":{}}");
        assertTrue(refusal().contains("tokenizer.json is not a tokenizer that can be used"));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{");
        assertTrue(refusal().contains("tokenizer_config.json cannot be read as JSON"));
    }

    private String refusal() {
        return assertThrows(InvalidModelException.class, () -> Tokenizer.load(folder))
                .getMessage();
    }
}
