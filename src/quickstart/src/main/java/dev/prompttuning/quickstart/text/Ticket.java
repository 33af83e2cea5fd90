package dev.prompttuning.quickstart.text;

/**
 * A customer's message and what is true of it.
 *
 * @param message the whole text
 * @param issue the sentence of the message that says what is wrong
 * @param department who has to answer
 * @param product what it is about
 * @param mood how the customer feels
 * @param urgency how soon an answer is needed
 */
public record Ticket(String message, String issue, String department, String product, String mood, String urgency) {
    private static final int HELD_OUT_PART = 11;

    /** Whether the issue is kept out of every training text; so for one issue in eleven, whatever stands around it. */
    public boolean heldOut() {
        return Math.floorMod(issue.hashCode(), HELD_OUT_PART) == 0;
    }
}
