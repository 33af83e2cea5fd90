package dev.prompttuning.quickstart.text;

/** The shop's polite answer to a ticket; it does not say which department it comes from. */
final class Reply {
    private Reply() {}

    static String to(Ticket ticket) {
        return greeting(ticket.mood()) + " We will write to you about the " + ticket.product() + " "
                + time(ticket.urgency()) + ".";
    }

    private static String greeting(String mood) {
        return switch (mood) {
            case "angry" -> "We are very sorry.";
            case "happy" -> "Thank you for your kind words.";
            case "calm" -> "Thank you for your message.";
            default -> throw new IllegalArgumentException("No reply is known for the mood \"" + mood + "\".");
        };
    }

    private static String time(String urgency) {
        return switch (urgency) {
            case "high" -> "at once";
            case "normal" -> "tomorrow";
            case "low" -> "next week";
            default -> throw new IllegalArgumentException("No reply is known for the urgency \"" + urgency + "\".");
        };
    }
}
