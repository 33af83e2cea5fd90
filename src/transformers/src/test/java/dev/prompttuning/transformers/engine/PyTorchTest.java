package dev.prompttuning.transformers.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class PyTorchTest {
    @Test
    void startsOnTheChosenDeviceAndThreads() {
        assertEquals(Device.cpu(), PyTorch.start(2, DeviceChoice.CPU));
        assertEquals(2, PyTorch.threads());
        PyTorch.start(1, DeviceChoice.AUTO);
        assertEquals(1, PyTorch.threads());
        assertThrows(IllegalArgumentException.class, () -> PyTorch.start(0, DeviceChoice.CPU));
    }

    @Test
    void recordsNothingOnTheStartingThread() {
        PyTorch.start(DeviceChoice.CPU);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            NDArray leaf = Autograd.leaf(manager.ones(new Shape(2)));
            assertFalse(leaf.mul(2).hasGradient());
            assertTrue(leaf.hasGradient());
        }
    }
}
