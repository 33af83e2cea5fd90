package dev.prompttuning.quickstart.text;

import java.util.Locale;

/** What can be asked about a ticket; the instruction names it. */
public enum Question {
    REPLY {
        @Override
        String answer(Ticket ticket) {
            return Reply.to(ticket);
        }
    },
    DEPARTMENT {
        @Override
        String answer(Ticket ticket) {
            return ticket.department();
        }
    },
    PRODUCT {
        @Override
        String answer(Ticket ticket) {
            return ticket.product();
        }
    },
    MOOD {
        @Override
        String answer(Ticket ticket) {
            return ticket.mood();
        }
    },
    URGENCY {
        @Override
        String answer(Ticket ticket) {
            return ticket.urgency();
        }
    };

    abstract String answer(Ticket ticket);

    /** The line that asks this question, such as {@code Task: mood}. */
    String instruction() {
        return "Task: " + name().toLowerCase(Locale.ROOT);
    }
}
