package dev.prompttuning.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.training.data.ConversationReader.Learned;
import dev.prompttuning.transformers.chat.AssistantTurns;
import dev.prompttuning.transformers.chat.ChatTemplate;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationReaderTest {

    private static final String CHATML = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>"
            + "{{ '\\n' }}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
    private static final String MARKED =
            CHATML.replace("{{ m.content }}<|im_end|>", "{% generation %}{{ m.content }}<|im_end|>{% endgeneration %}");
    private static final String PLAIN = "{% for m in messages %}[{{ m.role }}] {{ m.content }};{{ ' ' }}{% endfor %}"
            + "{% if add_generation_prompt %}[assistant] {% endif %}";

    private static final ConversationFormat MESSAGES = new ConversationFormat.Messages(Columns.STANDARD);
    private static final ConversationFormat SHARE_GPT = new ConversationFormat.ShareGpt(Columns.STANDARD);

    private static final String TWO_TURNS = "{\"messages\":[{\"role\":\"system\",\"content\":\"be kind\"},"
            + "{\"role\":\"user\",\"content\":\"one\"},{\"role\":\"assistant\",\"content\":\"two\"},"
            + "{\"role\":\"user\",\"content\":\"three\"},{\"role\":\"assistant\",\"content\":\"four\"},"
            + "{\"role\":\"user\",\"content\":\"thanks\"}]}";

    private static Tokenizer tokenizer;

    @TempDir
    Path folder;

    @BeforeAll
    static void load() {
        tokenizer = Tokenizer.load(Path.of("../transformers/src/test/resources/models/qwen2"));
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    private static ConversationReader reader(
            ConversationFormat format, String template, Learned learned, int maxLength) {
        return new ConversationReader(
                format,
                new AssistantTurns(ChatTemplate.parse(template, Map.of()), tokenizer.specialTokens()),
                tokenizer,
                (int) tokenizer.eosTokenId().orElseThrow(),
                learned,
                maxLength,
                TaskColumn.NONE);
    }

    private Dataset<EncodedRow> data(ConversationReader reader, String... lines) throws IOException {
        Path file = Files.write(folder.resolve("chats.jsonl"), List.of(lines));
        return Dataset.read(List.of(file), reader);
    }

    private EncodedRow row(ConversationReader reader, String line) throws IOException {
        return data(reader, line).rows().get(0);
    }

    private static String text(int[] ids) {
        return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), false);
    }

    private static List<String> learned(EncodedRow row) {
        return row.learned().stream()
                .map(span -> text(Arrays.copyOfRange(row.tokenIds(), span.start(), span.end())))
                .toList();
    }

    @Test
    void whatTheAssistantSaysIsLearned() throws IOException {
        EncodedRow row = row(reader(MESSAGES, CHATML, Learned.ANSWERS, 512), TWO_TURNS);
        assertEquals(List.of("two<|im_end|>", "four<|im_end|>"), learned(row));
        assertTrue(text(row.tokenIds()).startsWith("<|im_start|>system\nbe kind<|im_end|>\n<|im_start|>user\none"));
        assertTrue(text(row.tokenIds()).endsWith("<|im_start|>assistant\nfour<|im_end|>"), text(row.tokenIds()));
        assertEquals("four<|im_end|>", tokenizer.decode(row.answerIds(), false));
        assertEquals(EncodedRow.Cut.NOTHING, row.cut());
    }

    @Test
    void generationBlocksSayWhatIsLearned() throws IOException {
        EncodedRow row = row(reader(MESSAGES, MARKED, Learned.LAST_ANSWER, 512), TWO_TURNS);
        assertEquals(List.of("four<|im_end|>"), learned(row));
        String onlyAssistant = MARKED.replace("{% generation %}", "{% if m.role == 'assistant' %}{% generation %}")
                .replace("{% endgeneration %}", "{% endgeneration %}{% else %}{{ m.content }}<|im_end|>{% endif %}");
        EncodedRow all = row(reader(MESSAGES, onlyAssistant, Learned.ANSWERS, 512), TWO_TURNS);
        assertEquals(List.of("two<|im_end|>", "four<|im_end|>"), learned(all));
    }

    @Test
    void onlyTheLastAnswerOrEverythingCanBeLearned() throws IOException {
        EncodedRow last = row(reader(MESSAGES, CHATML, Learned.LAST_ANSWER, 512), TWO_TURNS);
        assertEquals(List.of("four<|im_end|>"), learned(last));
        EncodedRow all = row(reader(MESSAGES, CHATML, Learned.EVERYTHING, 512), TWO_TURNS);
        assertEquals(all.length() - 1, all.labelledTokens());
    }

    /** A token that only begins in the answer's blank is learned too, as transformers has it. */
    @Test
    void anAnswerWithoutSpecialTokensLearnsTheEndToken() throws IOException {
        EncodedRow row = row(reader(MESSAGES, PLAIN, Learned.LAST_ANSWER, 512), TWO_TURNS);
        assertEquals(List.of(" four;" + tokenizer.eosToken().orElseThrow()), learned(row));
    }

    @Test
    void readsShareGptWithMappedColumns() throws IOException {
        String line = "{\"system\":\"be kind\",\"dialog\":[{\"from\":\"human\",\"text\":\"one\"},"
                + "{\"from\":\"gpt\",\"text\":\"two\"},{\"from\":\"human\",\"text\":\"three\"},"
                + "{\"from\":\"gpt\",\"text\":\"four\"}]}";
        Columns columns = new Columns(Map.of("conversations", "dialog", "value", "text"));
        ConversationReader shareGpt = reader(new ConversationFormat.ShareGpt(columns), CHATML, Learned.ANSWERS, 512);
        EncodedRow row = row(shareGpt, line);
        EncodedRow same = row(reader(MESSAGES, CHATML, Learned.ANSWERS, 512), TWO_TURNS);
        assertArrayEquals(same.tokenIds(), row.tokenIds());
        assertEquals(same.learned(), row.learned());
    }

    @Test
    void aLongConversationLosesItsOldestExchanges() throws IOException {
        int whole =
                row(reader(MESSAGES, CHATML, Learned.ANSWERS, 512), TWO_TURNS).length();
        EncodedRow row = row(reader(MESSAGES, CHATML, Learned.ANSWERS, whole - 1), TWO_TURNS);
        assertEquals(EncodedRow.Cut.PROMPT, row.cut());
        assertEquals(List.of("four<|im_end|>"), learned(row));
        assertTrue(text(row.tokenIds()).startsWith("<|im_start|>system\nbe kind<|im_end|>\n<|im_start|>user\nthree"));
    }

    @Test
    void truncationKeepsTheLastAnswer() throws IOException {
        String answer = "the quick fox";
        String line = TWO_TURNS.replace("four", answer);
        int length = tokenizer.encode(answer, false).length + 1;
        EncodedRow row = row(reader(MESSAGES, CHATML, Learned.ANSWERS, length + 2), line);
        assertEquals(EncodedRow.Cut.PROMPT, row.cut());
        assertEquals(List.of(answer + "<|im_end|>"), learned(row));
        assertEquals(length + 2, row.length());
        ConversationReader small = reader(MESSAGES, CHATML, Learned.ANSWERS, length - 1);
        EncodedRow cut = data(small, line, TWO_TURNS).rows().get(0);
        assertEquals(EncodedRow.Cut.ANSWER, cut.cut());
        assertEquals(answer, text(cut.tokenIds()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"x\"}|there is no \"messages\"",
                "{\"messages\":\"x\"}|\"messages\" is not a list of messages",
                "{\"messages\":[]}|the assistant says nothing in it",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}|the assistant says nothing in it",
                "{\"messages\":[{\"content\":\"x\"}]}|message 1 has no text \"role\"",
                "{\"messages\":[7]}|message 1 has no text \"role\"",
                "{\"messages\":[{\"role\":\"assistant\"}]}|message 1 has no text \"content\"",
                "{\"messages\":[{\"role\":\"assistant\",\"content\":\"no\"}]}|the chat template refuses it: say yes",
                "{\"messages\":[{\"role\":\"assistant\",\"content\":\"x\"}],\"tools\":\"{\"}|\"tools\" is not valid JSON",
            })
    void mistakesNameTheRow(String lineAndProblem) throws IOException {
        String[] parts = lineAndProblem.split("\\|");
        String picky = "{% if messages[0].content == 'no' %}{{ raise_exception('say yes') }}{% endif %}" + CHATML;
        Dataset<EncodedRow> data = data(reader(MESSAGES, picky, Learned.ANSWERS, 64), TWO_TURNS, parts[0]);
        assertEquals(1, data.rows().size());
        assertEquals(
                "chats.jsonl:2: " + parts[1],
                data.report().firstProblems().get(0).toString());
    }

    @Test
    void anUnknownSpeakerIsNamed() throws IOException {
        String good = "{\"conversations\":[{\"from\":\"human\",\"value\":\"a\"},{\"from\":\"gpt\",\"value\":\"b\"}]}";
        Dataset<EncodedRow> data =
                data(reader(SHARE_GPT, CHATML, Learned.ANSWERS, 64), good, good.replace("human", "Bob"));
        assertEquals(
                "chats.jsonl:2: message 1 is from \"Bob\", which is none of human, gpt, system and tool",
                data.report().firstProblems().get(0).toString());
    }
}
