package dev.prompttuning.transformers.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.DeviceChoice;
import dev.prompttuning.transformers.engine.PyTorch;
import dev.prompttuning.transformers.engine.ResidentMemory;
import dev.prompttuning.transformers.engine.Scope;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KernelsTest {
    private NDManager manager;

    @BeforeEach
    void start() {
        PyTorch.start(1, DeviceChoice.CPU);
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    }

    @AfterEach
    void stop() {
        manager.close();
    }

    @Test
    void roundsToNearestEven() {
        NDArray values = manager.create(new float[] {1, 1.00390625f, 1.01171875f, -3.1415927f, 70_000});
        NDArray brain = Kernels.get().toBFloat16(values).toType(DataType.FLOAT32, true);
        assertArrayEquals(new float[] {1, 1, 1.015625f, -3.140625f, 70_144}, brain.toFloatArray());
        NDArray half = Kernels.get().toFloat16(values).toType(DataType.FLOAT32, true);
        assertArrayEquals(
                new float[] {1, 1.00390625f, 1.01171875f, -3.140625f, Float.POSITIVE_INFINITY}, half.toFloatArray());
    }

    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "FLOAT16"})
    void looksUpRows(Precision precision) {
        NDArray table = precision.of(manager.arange(0f, 8f, 1f).reshape(4, 2));
        NDArray rows = Kernels.get().embedding(manager.create(new long[][] {{3, 0}, {1, 1}}), table);
        assertEquals(new Shape(2, 2, 2), rows.getShape());
        assertEquals(DataType.FLOAT32, rows.getDataType());
        assertArrayEquals(new float[] {6, 7, 0, 1, 2, 3, 2, 3}, rows.toFloatArray());
    }

    /** Small integers are exact in both formats, so that product and gradient are too. */
    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "FLOAT16"})
    void multipliesWithGradient(Precision precision) {
        NDArray weight = precision.of(manager.create(new float[][] {{1, 2, 3}, {4, 5, 6}}));
        try (Autograd recording = Autograd.recording()) {
            NDArray input = Autograd.leaf(
                    manager.create(new float[][] {{1, -1}, {2, 0}}).reshape(1, 2, 2));
            NDArray output = Kernels.get().matMul(input, weight);
            assertEquals(DataType.FLOAT32, output.getDataType());
            assertArrayEquals(new float[] {-3, -3, -3, 2, 4, 6}, output.toFloatArray());
            Autograd.backward(output, manager.create(new float[] {1, 0, 0, 0, 1, -1}, new Shape(1, 2, 3)));
            assertArrayEquals(new float[] {1, 4, -1, -1}, input.getGradient().toFloatArray());
        }
    }

    @Test
    void keepsGradientsBelowTheSmallestHalf() {
        NDArray weight = Precision.FLOAT16.of(manager.ones(new Shape(2, 1)));
        try (Autograd recording = Autograd.recording()) {
            NDArray input = Autograd.leaf(manager.ones(new Shape(1, 2)));
            NDArray output = Kernels.get().matMul(input, weight);
            Autograd.backward(output, manager.create(new float[] {0x1p-30f}, new Shape(1, 1)));
            assertArrayEquals(
                    new float[] {0x1p-30f, 0x1p-30f}, input.getGradient().toFloatArray());
        }
    }

    /** Against the same function made of NDArray operations. */
    @Test
    void swiGluHasValueAndGradientsOfItsDefinition() {
        NDArray gates = manager.create(new float[] {-20, -1.5f, 0, 0.25f, 3, 90});
        NDArray ups = manager.create(new float[] {2, -1, 5, 0.5f, -3, 1});
        NDArray weights = manager.create(new float[] {1, 2, -3, 4, 5, 6});
        float[][] expected = swiGluAndGradients(gates, ups, weights, (gate, up) -> {
            NDArray sigmoid = Activation.sigmoid(gate);
            return sigmoid.mul(gate).mul(up);
        });
        float[][] found = swiGluAndGradients(gates, ups, weights, Kernels.get()::swiGlu);
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], found[i], 1e-5f);
        }
        try (Autograd off = Autograd.off()) {
            assertArrayEquals(expected[0], Kernels.get().swiGlu(gates, ups).toFloatArray(), 1e-5f);
        }
    }

    private static float[][] swiGluAndGradients(
            NDArray gates, NDArray ups, NDArray weights, BinaryOperator<NDArray> function) {
        try (Autograd recording = Autograd.recording()) {
            NDArray gate = Autograd.leaf(gates);
            NDArray up = Autograd.leaf(ups);
            NDArray result = function.apply(gate, up);
            Autograd.backward(result, weights);
            return new float[][] {
                result.toFloatArray(),
                gate.getGradient().toFloatArray(),
                up.getGradient().toFloatArray()
            };
        }
    }

    @Test
    void recordsNothingUnlessAsked() {
        NDArray weight = Precision.BFLOAT16.of(manager.ones(new Shape(2, 2)));
        NDArray leaf = Autograd.leaf(manager.ones(new Shape(1, 2)));
        try (Autograd off = Autograd.off()) {
            assertFalse(Kernels.get().matMul(leaf, weight).hasGradient());
        }
    }

    /** A thousand times, with 256 KiB of input and of output each. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void holdsOnToNothing() {
        NDArray weight = Precision.BFLOAT16.of(manager.ones(new Shape(256, 256)));
        NDArray leaf = Autograd.leaf(manager.ones(new Shape(1, 256, 256)));
        multiply(leaf, weight, 100);
        long before = ResidentMemory.anonymous();
        multiply(leaf, weight, 1000);
        long grown = ResidentMemory.anonymous() - before;
        assertTrue(grown < 64 << 20, "bytes grown: " + grown);
    }

    private static void multiply(NDArray leaf, NDArray weight, int times) {
        for (int i = 0; i < times; i++) {
            try (Autograd recording = Autograd.recording();
                    Scope scope = Scope.open()) {
                Autograd.backward(Kernels.get().matMul(leaf.mul(2), weight).sum());
                Kernels.get().embedding(leaf.getManager().zeros(new Shape(256), DataType.INT64), weight);
                Kernels.get().toBFloat16(leaf.getGradient());
            }
        }
    }
}
