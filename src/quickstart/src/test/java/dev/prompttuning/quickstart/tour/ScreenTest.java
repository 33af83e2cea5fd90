package dev.prompttuning.quickstart.tour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    @Test
    void printsLinesOnlyWhereNothingCanBeDrawnOver() {
        Screen screen = screen(false);
        screen.bottom("10%");
        screen.event("begun");
        screen.settle();
        assertEquals("    0 s  begun\n", text());
    }

    @Test
    void keepsTheLastLineBelowTheOthers() {
        Screen screen = screen(true);
        screen.bottom("10%");
        screen.line("news");
        assertTrue(text().endsWith("news\n10%"), text());
        screen.settle();
        screen.line("more");
        assertTrue(text().endsWith("10%\n\r\033[Kmore\n"), text());
    }

    private Screen screen(boolean terminal) {
        Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        return new Screen(new PrintStream(shown, true), terminal, clock);
    }

    private String text() {
        return shown.toString().replace(System.lineSeparator(), "\n");
    }
}
