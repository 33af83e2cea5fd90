package dev.prompttuning.quickstart.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Tickets without end, the same for the same seed: an opening by mood, an issue by department, a closing by urgency. */
public final class TicketGenerator {
    private static final int MOST_TRIES = 100_000;
    private static final Pattern SLOT = Pattern.compile("\\{(\\w+)}");

    private final PhraseBook phrases = PhraseBook.tickets();
    private final Random random;

    public TicketGenerator(Random random) {
        this.random = random;
    }

    /** All departments, in a fixed order. */
    public List<String> departments() {
        return phrases.labels("department");
    }

    /** The next ticket of any department. */
    public Ticket next() {
        return next(one(departments()));
    }

    /** The next ticket for a department. */
    public Ticket next(String department) {
        Map<String, String> slots = new HashMap<>();
        String issue = fill(one(phrases.phrases("department", department)), slots);
        String mood = one(phrases.labels("mood"));
        String urgency = one(phrases.labels("urgency"));
        String message =
                String.join(" ", one(phrases.phrases("mood", mood)), issue, one(phrases.phrases("urgency", urgency)));
        return new Ticket(message, issue, department, slots.get("product"), mood, urgency);
    }

    /**
     * The next ticket for a department that the condition holds for.
     *
     * @throws IllegalStateException when the templates seem to give no more such tickets
     */
    public Ticket next(String department, Predicate<Ticket> condition) {
        return Stream.generate(() -> next(department))
                .limit(MOST_TRIES)
                .filter(condition)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No further ticket for the department \"" + department
                        + "\" was found in " + MOST_TRIES + " tries; ask for fewer rows."));
    }

    private String fill(String template, Map<String, String> slots) {
        Matcher matcher = SLOT.matcher(template);
        return matcher.replaceAll(
                slot -> slots.computeIfAbsent(slot.group(1), name -> one(phrases.phrases("slot", name))));
    }

    private String one(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
