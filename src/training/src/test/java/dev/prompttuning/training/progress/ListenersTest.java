package dev.prompttuning.training.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.api.contract.Progress;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.training.metric.EvaluationResult;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListenersTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2030-01-02T03:04:05.678Z"), ZoneOffset.UTC);
    private static final TrainingEvent STARTED = new TrainingEvent.Started(8192, 559_222_784, 0, 40, 2);
    private static final TrainingEvent EVALUATED =
            new TrainingEvent.Evaluated(20, EvaluationResult.ofTokens(new Loss(2, 4, 3), 4, 0.25), true);
    private static final TrainingEvent CHECKPOINTED = new TrainingEvent.Checkpointed(20, Path.of("step-00000020"));

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private static TrainingEvent step(int step) {
        return new TrainingEvent.Stepped(step, 40, step / 20.0, 2.0, 0.01, 1.5, 100, 0.5, 0.9);
    }

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void parameterLineIsTheOneUsersKnow() {
        assertEquals(
                "trainable params: 8,192 || all params: 559,222,784 || trainable%: 0.0015",
                ((TrainingEvent.Started) STARTED).parameterLine());
    }

    @Test
    void logHasALineForEverySoManySteps() throws Exception {
        JsonLog log = new JsonLog(out, 10, CLOCK);
        log.on(STARTED);
        for (int step = 1; step <= 20; step++) {
            log.on(step(step));
        }
        log.on(EVALUATED);
        log.on(CHECKPOINTED);
        log.on(new TrainingEvent.Ended(20, "asked to stop"));
        ObjectMapper json = new ObjectMapper();
        assertEquals(7, lines().size());
        assertEquals(2, json.readTree(lines().get(0)).get("threads").asInt());
        JsonNode tenth = json.readTree(lines().get(2));
        assertEquals("2030-01-02T03:04:05.678Z", tenth.get("time").asText());
        assertEquals(10, tenth.get("step").asInt());
        assertEquals(2.0, tenth.get("loss").asDouble());
        assertEquals(0.25, json.readTree(lines().get(4)).get("exactMatch").asDouble());
        assertEquals("checkpoint", json.readTree(lines().get(5)).get("event").asText());
    }

    @Test
    void progressTellsTheTimeLeft() {
        ProgressTracker tracker = new ProgressTracker(CLOCK);
        assertNull(tracker.latest().step());
        tracker.on(STARTED);
        assertEquals(0, tracker.latest().percent());
        tracker.on(step(1));
        tracker.on(step(10));
        tracker.on(CHECKPOINTED);
        Progress progress = tracker.latest();
        assertEquals(10, progress.step());
        assertEquals(25, progress.percent());
        assertEquals(15, progress.secondsRemaining());
        assertEquals(200.0, progress.tokensPerSecond());
        assertEquals(20, progress.checkpointStep());
        assertEquals("2030-01-02T03:04:05Z", progress.checkpointTime());
    }

    @Test
    void barShowsWhereTheRunIs() {
        ProgressTracker tracker = new ProgressTracker(CLOCK);
        TrainingListener both = TrainingListener.all(List.of(tracker, new ProgressBar(out, tracker)));
        both.on(STARTED);
        both.on(step(20));
        both.on(EVALUATED);
        String shown = bytes.toString(StandardCharsets.UTF_8);
        String bar = "[" + "█".repeat(15) + "·".repeat(15) + "] 20/40  loss 2.0000  10s left";
        assertTrue(shown.contains(bar), shown);
        assertTrue(shown.contains("step 20:  loss 0.5000  perplexity 1.6487"), shown);
        assertEquals("1m05s", ProgressBar.duration(65));
        assertEquals("2h03m", ProgressBar.duration(2 * 3600 + 3 * 60 + 9));
    }

    @Test
    void metersFollowTheRun() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        TrainingMeters meters = new TrainingMeters(registry);
        List.of(STARTED, step(1), step(2), EVALUATED, EVALUATED).forEach(meters::on);
        assertEquals(2.0, registry.get("training.loss").gauge().value());
        assertEquals(2, registry.get("training.step").gauge().value());
        assertEquals(40, registry.get("training.steps").gauge().value());
        assertEquals(200, registry.get("training.tokens.per.second").gauge().value());
        assertEquals(200, registry.get("training.tokens").counter().count());
        assertEquals(2, registry.get("training.step.time").timer().count());
        assertEquals(
                0.25,
                registry.get("training.evaluation")
                        .tag("metric", "exactMatch")
                        .gauge()
                        .value());
        assertTrue(registry.get("training.resident.memory").gauge().value() > 0);
    }
}
