package dev.prompttuning.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.api.contract.ExitCode;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.DeviceChoice;
import dev.prompttuning.transformers.engine.PyTorch;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.kernel.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Allocations that PyTorch really refuses, because no machine has an exbibyte. */
class OutOfMemoryTest {

    /** Each small enough, but their product is more elements than any address space holds. */
    private static final long ROWS = 1L << 20;

    private static final long COLUMNS = 1L << 38;

    @Test
    void everyWayToAskForTooMuchEndsWithTheExitCodeAndTheSettings() {
        PyTorch.start(1, DeviceChoice.CPU);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            assertOutOfMemory(() -> manager.create(new Shape(ROWS, COLUMNS), DataType.FLOAT32));
            try (Autograd recording = Autograd.recording();
                    Scope scope = Scope.open()) {
                // One number each, repeated without memory of its own.
                NDArray column = Autograd.leaf(manager.ones(new Shape(1, 1))).broadcast(ROWS, 1);
                NDArray row = manager.ones(new Shape(1, 1)).broadcast(1, COLUMNS);
                assertOutOfMemory(() -> column.add(row));
                assertOutOfMemory(() -> Kernels.get().swiGlu(column, row));
            }
        }
    }

    private static void assertOutOfMemory(Executable allocation) {
        FailureReport report = FailureReport.of(assertThrows(Throwable.class, allocation));
        assertEquals(ExitCode.OUT_OF_MEMORY, report.code(), report.message());
        for (String setting : new String[] {
            "training.batchSize", "dataset.maxLength", "training.gradientCheckpointing", "baseModel.quantization"
        }) {
            assertTrue(report.message().contains(setting), report.message());
        }
    }
}
