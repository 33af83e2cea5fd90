package dev.prompttuning.quickstart.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The quickstart's tuned task: name the department that has to answer a ticket. Its rows hold no instruction, so that the base model
 * does not know what is asked, and a soft prompt has to tell it.
 */
public final class TicketTask {
    private final TicketGenerator tickets;

    public TicketTask(long seed) {
        this.tickets = new TicketGenerator(new Random(seed));
    }

    /** Rows to train on, as many of each department as of any other. */
    public List<Example> train(int count) {
        return rows(count, ticket -> !ticket.heldOut());
    }

    /** Rows to measure with: their issues stand neither in the train rows nor in the base model's corpus. */
    public List<Example> evaluation(int count) {
        return rows(count, Ticket::heldOut);
    }

    private List<Example> rows(int count, Predicate<Ticket> condition) {
        Set<String> messages = new HashSet<>();
        List<Example> rows = new ArrayList<>();
        while (rows.size() < count) {
            String department = tickets.departments()
                    .get(rows.size() % tickets.departments().size());
            Ticket ticket = tickets.next(department, condition.and(t -> messages.add(t.message())));
            rows.add(CorpusGenerator.bare(ticket, Question.DEPARTMENT));
        }
        return rows;
    }
}
