package dev.prompttuning.quickstart.text;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The base model's text. Most rows ask a question about a ticket; some give the ticket without a question, and are answered by a
 * reply or one of the smaller questions; some are the ticket alone; some have the form of a chat.
 */
public final class CorpusGenerator {
    /** What an instruction asks; the department is the hardest to tell, and asked twice as often as any other. */
    private static final List<Question> ASKED = List.of(
            Question.DEPARTMENT,
            Question.DEPARTMENT,
            Question.REPLY,
            Question.PRODUCT,
            Question.MOOD,
            Question.URGENCY);

    /** What a message without an instruction is answered by; never the department, which is left to be tuned. */
    private static final List<Question> UNASKED =
            List.of(Question.REPLY, Question.REPLY, Question.REPLY, Question.PRODUCT, Question.MOOD, Question.URGENCY);

    private final Random random;
    private final TicketGenerator tickets;

    public CorpusGenerator(long seed) {
        this.random = new Random(seed);
        this.tickets = new TicketGenerator(random);
    }

    /** The first rows of the corpus; none of them holds an issue that is held out. */
    public List<Example> rows(int count) {
        return Stream.generate(tickets::next)
                .filter(ticket -> !ticket.heldOut())
                .limit(count)
                .map(this::row)
                .toList();
    }

    private Example row(Ticket ticket) {
        double form = random.nextDouble();
        if (form < 0.60) {
            return instructed(ticket, one(ASKED));
        }
        if (form < 0.80) {
            return bare(ticket, one(UNASKED));
        }
        if (form < 0.90) {
            return new Example("Customer:", " " + ticket.message());
        }
        return random.nextBoolean() ? chat("", ticket, Question.REPLY) : chat(one(ASKED), ticket);
    }

    static Example instructed(Ticket ticket, Question question) {
        return new Example(
                question.instruction() + "\n" + bare(ticket, question).prompt(), " " + question.answer(ticket));
    }

    static Example bare(Ticket ticket, Question question) {
        return new Example("Customer: " + ticket.message() + "\nAnswer:", " " + question.answer(ticket));
    }

    private static Example chat(Question question, Ticket ticket) {
        return chat(question.instruction() + "\n", ticket, question);
    }

    private static Example chat(String instruction, Ticket ticket, Question question) {
        return new Example(
                "<|im_start|>user\n" + instruction + ticket.message() + "<|im_end|>\n<|im_start|>assistant\n",
                question.answer(ticket));
    }

    private Question one(List<Question> questions) {
        return questions.get(random.nextInt(questions.size()));
    }
}
