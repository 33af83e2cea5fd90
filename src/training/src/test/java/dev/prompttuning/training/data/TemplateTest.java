package dev.prompttuning.training.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.training.UserMistakeException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
    private static final Map<String, String> ROW =
            Map.of("instruction", "分类", "input", "see {output} $1", "output", "好");

    @Test
    void answerFollowsAPromptWithoutItsPlaceholder() {
        Template template = Template.alpaca("指令：{instruction}\n输入：{input}\n回答：");
        assertEquals(new Example("指令：分类\n输入：see {output} $1\n回答：", "好"), template.fill(ROW));
    }

    @Test
    void blanksInFrontOfTheAnswerBelongToIt() {
        Template template = Template.alpaca("{instruction}\n{input}\nAnswer: {output}.");
        assertEquals(new Example("分类\nsee {output} $1\nAnswer:", " 好."), template.fill(ROW));
    }

    @Test
    void answerMayStandOnItsOwn() {
        Template template = Template.alpaca(
                "{instruction} {input}\nAnswer:", Optional.of("{instruction}:"), Optional.of(" {output}"));
        assertEquals(new Example("分类 see {output} $1\nAnswer:", " 好"), template.fill(ROW));
        assertEquals(
                new Example("say:", " yes"), template.fill(Map.of("instruction", "say", "input", "", "output", "yes")));
    }

    @ParameterizedTest
    @CsvSource({
        "Answer:, every prompt would be the same",
        "{instruction} {question}, has the placeholder {question}",
        "{input} {output} {output}, twice",
        "{input} {output} {instruction}, write the answer last"
    })
    void mistakesAreNamed(String text, String why) {
        String message = assertThrows(UserMistakeException.class, () -> Template.alpaca(text))
                .getMessage();
        assertTrue(message.contains(why), message);
    }
}
