package dev.prompttuning.localcluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.localcluster.apiserver.PodLogs.Query;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NodeLogsTest {

    @TempDir
    Path folder;

    private NodeLogs logs;
    private final Pod pod =
            new PodBuilder().withNewMetadata().withUid("uid").endMetadata().build();

    @BeforeEach
    void twoRuns() throws Exception {
        logs = new NodeLogs(folder);
        print(0, "old");
        print(1, "one", "two", "three");
    }

    private void print(int run, String... lines) throws Exception {
        var out = new PipedOutputStream();
        var done = logs.of(pod, "main", run).copy(new PipedInputStream(out));
        try (var printer = new PrintStream(out)) {
            List.of(lines).forEach(printer::println);
        }
        done.get(30, TimeUnit.SECONDS);
    }

    private static Query query(boolean follow, boolean previous, OptionalInt tail) {
        return new Query("uid", "main", follow, previous, tail, Optional.empty(), false);
    }

    private List<String> read(Query query) throws Exception {
        var lines = new ArrayList<String>();
        logs.read(query, lines::add);
        return lines;
    }

    @Test
    void readsTheNewestRunThePreviousAndTheTail() throws Exception {
        assertEquals(List.of("one", "two", "three"), read(query(false, false, OptionalInt.empty())));
        assertEquals(List.of("old"), read(query(false, true, OptionalInt.empty())));
        assertEquals(List.of("three"), read(query(true, false, OptionalInt.of(1))));
        assertEquals(List.of(), read(query(false, false, OptionalInt.of(0))));
        assertTrue(logs.file("uid", "other", false).isEmpty());
    }

    @Test
    void knowsWhenALineWasPrinted() throws Exception {
        var later = Optional.of(Instant.now().plusSeconds(60));
        assertEquals(List.of(), read(new Query("uid", "main", false, false, OptionalInt.empty(), later, false)));
        var line = read(new Query("uid", "main", false, false, OptionalInt.of(1), Optional.empty(), true))
                .get(0);
        assertTrue(line.endsWith("Z three"), line);
    }

    @Test
    void followsUntilTheRunEnds() throws Exception {
        var out = new PipedOutputStream();
        var done = logs.of(pod, "main", 2).copy(new PipedInputStream(out));
        var seen = new LinkedBlockingQueue<String>();
        try (var printer = new PrintStream(out, true)) {
            printer.println("first");
            while (logs.file("uid", "main", false)
                    .filter(file -> file.endsWith("2.log"))
                    .isEmpty()) {
                Thread.onSpinWait();
            }
            var reader = new Thread(() -> {
                try {
                    logs.read(query(true, false, OptionalInt.empty()), seen::add);
                    seen.add("END");
                } catch (Exception e) {
                    seen.add(e.toString());
                }
            });
            reader.start();
            assertEquals("first", seen.poll(30, TimeUnit.SECONDS));
            printer.println("second");
            assertEquals("second", seen.poll(30, TimeUnit.SECONDS));
            printer.print("without end");
        }
        assertEquals("without end", seen.poll(30, TimeUnit.SECONDS));
        assertEquals("END", seen.poll(30, TimeUnit.SECONDS));
        done.get(30, TimeUnit.SECONDS);
    }
}
