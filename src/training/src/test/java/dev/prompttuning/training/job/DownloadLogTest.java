package dev.prompttuning.training.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DownloadLogTest {

    private final List<String> lines = new ArrayList<>();
    private final DownloadLog log = new DownloadLog(lines::add);

    @Test
    void aSmallFileHasALineAtItsStartAndOneAtItsEnd() {
        log.at("config.json", 0, 2_000_000);
        log.at("config.json", 1_000_000, 2_000_000);
        log.at("config.json", 2_000_000, 2_000_000);
        assertEquals(
                List.of("Downloading config.json: 0.0 of 2.0 MB", "Downloading config.json: 2.0 of 2.0 MB"), lines);
    }

    @Test
    void aLargeFileHasALineForEveryTenth() {
        for (int megabyte = 0; megabyte <= 100; megabyte++) {
            log.at("model.safetensors", megabyte * 1_000_000L, 100_000_000);
        }
        assertEquals(11, lines.size());
        assertEquals("Downloading model.safetensors: 30.0 of 100.0 MB", lines.get(3));
    }

    @Test
    void aFileOfUnknownSizeIsTold() {
        log.at("model.safetensors", 0, -1);
        assertEquals(List.of("Downloading model.safetensors: 0.0 MB"), lines);
    }
}
