package dev.prompttuning.training.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.training.StepMetrics;
import dev.prompttuning.training.checkpoint.CheckpointStore.Checkpoint;
import dev.prompttuning.training.optimizer.LossScale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {

    @TempDir
    Path folder;

    private static TrainingState state(String fingerprint, int step) {
        List<Double> losses = Stream.generate(() -> Math.PI / 3).limit(step).toList();
        return new TrainingState(
                fingerprint,
                step,
                losses,
                9,
                Optional.of(new TrainingState.Best(1, -0.1)),
                2,
                false,
                List.of(new StepMetrics(1, Map.of("loss", 0.1))),
                new LossScale.State(0.125, 7));
    }

    private static Map<String, NDArray> tensors(NDManager manager) {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        tensors.put("parameter.a", manager.create(new float[] {1.1f, -0f, Float.MIN_VALUE, 4}, new Shape(2, 2)));
        tensors.put("best.a", manager.create(new float[] {5}));
        return tensors;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws IOException {
        CheckpointStore store = new CheckpointStore(folder, 2);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            store.save(state("mine", 3), tensors(manager));
            Checkpoint checkpoint = store.newest("mine").orElseThrow();
            assertEquals(state("mine", 3), checkpoint.state());
            Map<String, NDArray> read = checkpoint.tensors(manager);
            assertEquals(new Shape(2, 2), read.get("parameter.a").getShape());
            assertArrayEquals(
                    new float[] {1.1f, -0f, Float.MIN_VALUE, 4},
                    read.get("parameter.a").toFloatArray());
            assertArrayEquals(new float[] {5}, read.get("best.a").toFloatArray());
        }
    }

    @Test
    void keepsTheNewest() throws IOException {
        CheckpointStore store = new CheckpointStore(folder, 2);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            for (int step = 1; step <= 4; step++) {
                store.save(state("mine", step), tensors(manager));
            }
        }
        assertEquals(List.of("step-00000003", "step-00000004"), names());
        assertEquals(4, store.newest("mine").orElseThrow().state().step());
    }

    @Test
    void leavesNoTraceOfAFailedSave() throws IOException {
        CheckpointStore store = new CheckpointStore(folder, 2);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            store.save(state("mine", 1), tensors(manager));
            Path target = folder.resolve("step-00000002");
            assertThrows(
                    IOException.class,
                    () -> AtomicFolder.write(target, filling -> {
                        Files.writeString(filling.resolve("state.json"), "half");
                        throw new IOException("disk full");
                    }));
            assertFalse(Files.exists(target));
            assertEquals(1, store.newest("mine").orElseThrow().state().step());
            store.save(state("mine", 2), tensors(manager));
            assertEquals(List.of("step-00000001", "step-00000002"), names());
        }
    }

    @Test
    void checkpointsOfAnotherRunAreNotGoneOnFrom() throws IOException {
        CheckpointStore store = new CheckpointStore(folder, 2);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            store.save(state("other", 7), tensors(manager));
        }
        assertTrue(store.newest("mine").isEmpty());
        assertEquals(List.of(), names());
    }

    @Test
    void aFolderIsReplacedAsAWhole() throws IOException {
        Path target = folder.resolve("adapter");
        AtomicFolder.write(target, filling -> Files.writeString(filling.resolve("one"), "1"));
        AtomicFolder.write(target, filling -> Files.writeString(filling.resolve("two"), "2"));
        assertFalse(Files.exists(target.resolve("one")));
        assertEquals("2", Files.readString(target.resolve("two")));
        assertEquals(List.of("adapter"), names());
    }
}
