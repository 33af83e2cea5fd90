package dev.prompttuning.quickstart.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TicketTaskTest {
    private final List<Example> train = new TicketTask(1).train(600);
    private final List<Example> evaluation = new TicketTask(1).evaluation(120);

    @Test
    void givesTheSameRowsForTheSameSeed() {
        assertEquals(train, new TicketTask(1).train(600));
        assertEquals(evaluation, new TicketTask(1).evaluation(120));
    }

    @Test
    void hasAsManyRowsOfEachDepartment() {
        assertEquals(Set.of(100L), Set.copyOf(counts(train).values()));
        assertEquals(6, counts(train).size());
        assertEquals(Set.of(20L), Set.copyOf(counts(evaluation).values()));
    }

    @Test
    void sharesNoIssueBetweenTrainingAndEvaluation() {
        Set<String> shared = new HashSet<>(issues(train));
        assertEquals(600, train.stream().distinct().count());
        assertEquals(120, evaluation.stream().distinct().count());
        shared.retainAll(issues(evaluation));
        assertEquals(Set.of(), shared);
    }

    @Test
    void saysNothingOfWhatIsAsked() {
        for (Example row : evaluation) {
            assertTrue(row.prompt().startsWith("Customer: "), row::prompt);
            assertTrue(row.prompt().endsWith("\nAnswer:"), row::prompt);
            assertTrue(!row.prompt().contains("Task"), row::prompt);
        }
    }

    @Test
    void stopsWhenTheTemplatesGiveNoMore() {
        TicketGenerator tickets = new TicketGenerator(new Random(1));
        Predicate<Ticket> never = ticket -> false;
        IllegalStateException stopped = assertThrows(IllegalStateException.class, () -> tickets.next("billing", never));
        assertTrue(stopped.getMessage().contains("ask for fewer rows"), stopped::getMessage);
    }

    private static Map<String, Long> counts(List<Example> rows) {
        return rows.stream().collect(Collectors.groupingBy(Example::completion, Collectors.counting()));
    }

    /** A message without its opening and closing: all that stands between the openings' and the closings' wordings. */
    private static Set<String> issues(List<Example> rows) {
        PhraseBook phrases = PhraseBook.tickets();
        return rows.stream()
                .map(row -> row.prompt()
                        .substring("Customer: ".length(), row.prompt().length() - "\nAnswer:".length()))
                .map(message -> without(message, phrases, "mood"))
                .map(message -> without(message, phrases, "urgency"))
                .collect(Collectors.toSet());
    }

    private static String without(String message, PhraseBook phrases, String group) {
        String rest = message;
        for (String label : phrases.labels(group)) {
            for (String phrase : phrases.phrases(group, label)) {
                rest = rest.startsWith(phrase + " ") ? rest.substring(phrase.length() + 1) : rest;
                rest = rest.endsWith(" " + phrase) ? rest.substring(0, rest.length() - phrase.length() - 1) : rest;
            }
        }
        return rest;
    }
}
