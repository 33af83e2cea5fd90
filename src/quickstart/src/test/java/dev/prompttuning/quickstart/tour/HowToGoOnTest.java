package dev.prompttuning.quickstart.tour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HowToGoOnTest {
    private static final HowToGoOn WORDS = new HowToGoOn(new Project(Path.of("/p")), "a", "It's 5%.\nAnswer:");

    @Test
    void quotesForTheShell() throws Exception {
        String line = String.join("\n", WORDS.after());
        String printf = line.substring(line.indexOf("$(printf") + 2, line.lastIndexOf(")"));
        Process shell = new ProcessBuilder("sh", "-c", printf).start();
        assertEquals("It's 5%.\nAnswer:", new String(shell.getInputStream().readAllBytes()));
    }

    @Test
    void namesTheRunningServer() {
        String words = String.join("\n", WORDS.whileUp(Path.of("/p/k"), "http://127.0.0.1:1", "shop"));
        assertTrue(words.contains("curl http://127.0.0.1:1/v1/completions"), words);
        assertTrue(words.contains("\"model\":\"a\""), words);
    }
}
