package dev.prompttuning.quickstart.tour;

import dev.prompttuning.quickstart.text.Example;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The same questions for two models.
 *
 * @param base the base model's name
 * @param tuned the adapter's name
 */
record Exam(CompletionsClient server, String base, String tuned) {
    /** More than any right answer has. */
    private static final int ANSWER_TOKENS = 24;

    /** One question and both answers. */
    record Answers(Example question, String base, String tuned) {}

    /**
     * @param answers in the order of the questions
     * @param base the base model's score
     * @param tuned the adapter's
     */
    record Result(List<Answers> answers, Score base, Score tuned) {

        /** The first question of each expected answer, at most {@code count} of them. */
        List<Answers> samples(int count) {
            Set<String> shown = new HashSet<>();
            return answers.stream()
                    .filter(answer -> shown.add(answer.question().completion()))
                    .limit(count)
                    .toList();
        }
    }

    /** Who wants to know how far it is. */
    interface Progress {
        void asked(int questions);
    }

    Result ask(List<Example> questions, Progress progress) throws IOException, InterruptedException {
        List<Answers> answers = new ArrayList<>();
        Score baseScore = Score.NONE;
        Score tunedScore = Score.NONE;
        for (Example question : questions) {
            Answers both = new Answers(question, answer(base, question), answer(tuned, question));
            answers.add(both);
            baseScore = baseScore.count(both.base(), question.completion());
            tunedScore = tunedScore.count(both.tuned(), question.completion());
            progress.asked(answers.size());
        }
        return new Result(List.copyOf(answers), baseScore, tunedScore);
    }

    private String answer(String model, Example question) throws IOException, InterruptedException {
        return server.complete(model, question.prompt(), ANSWER_TOKENS);
    }
}
