package dev.prompttuning.quickstart.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CorpusGeneratorTest {
    private static final Ticket TICKET = new Ticket(
            "Hello. I was charged twice for my lamp. Please hurry.",
            "I was charged twice for my lamp.",
            "billing",
            "lamp",
            "calm",
            "high");

    @Test
    void givesTheSameRowsForTheSameSeed() {
        List<Example> rows = new CorpusGenerator(3).rows(200);
        assertEquals(rows, new CorpusGenerator(3).rows(200));
        assertNotEquals(rows, new CorpusGenerator(4).rows(200));
    }

    @Test
    void asksByTheInstruction() {
        assertEquals(
                new Example(
                        "Task: department\nCustomer: Hello. I was charged twice for my lamp. Please hurry.\nAnswer:",
                        " billing"),
                CorpusGenerator.instructed(TICKET, Question.DEPARTMENT));
    }

    @Test
    void repliesWithoutNamingTheDepartment() {
        assertEquals(
                " Thank you for your message. We will write to you about the lamp at once.",
                CorpusGenerator.bare(TICKET, Question.REPLY).completion());
    }

    @Test
    void givesTheDepartmentOnlyWhenAsked() {
        Set<String> departments = Set.copyOf(new TicketGenerator(new Random(5)).departments());
        List<Example> answered = new CorpusGenerator(5)
                .rows(5_000).stream()
                        .filter(row -> departments.contains(row.completion().strip()))
                        .toList();
        assertTrue(answered.size() > 500, () -> answered.size() + " rows name a department");
        answered.forEach(row -> assertTrue(row.prompt().contains("Task: department\n"), row::prompt));
    }

    @Test
    void answersEveryQuestionAboutEveryTicket() {
        TicketGenerator tickets = new TicketGenerator(new Random(5));
        for (Ticket ticket : Stream.generate(tickets::next).limit(1_000).toList()) {
            assertTrue(ticket.message().contains(ticket.issue()), ticket::toString);
            assertTrue(ticket.issue().contains(ticket.product()), ticket::toString);
            assertTrue(ticket.message().indexOf('{') < 0, ticket::toString);
            for (Question question : Question.values()) {
                assertTrue(!question.answer(ticket).isBlank(), ticket::toString);
            }
        }
    }

    @Test
    void keepsHeldOutIssuesOutOfItsText() {
        TicketGenerator tickets = new TicketGenerator(new Random(6));
        Set<String> heldOut = Stream.generate(tickets::next)
                .limit(5_000)
                .filter(Ticket::heldOut)
                .map(Ticket::issue)
                .collect(Collectors.toSet());
        assertTrue(heldOut.size() > 50, () -> heldOut.size() + " issues are held out");
        for (Example row : new CorpusGenerator(6).rows(5_000)) {
            String text = row.prompt() + row.completion();
            heldOut.forEach(issue -> assertTrue(!text.contains(issue), text));
        }
    }
}
