package dev.prompttuning.transformers.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.DeviceChoice;
import dev.prompttuning.transformers.engine.PyTorch;
import dev.prompttuning.transformers.kernel.Precision;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackedMatrixTest {
    /** More rows than are decoded at a time. */
    private static final int ROWS = 1000;

    private static final int COLUMNS = 300;

    private NDManager manager;
    private LayerWorkspace workspace;

    @BeforeEach
    void start() {
        PyTorch.start(1, DeviceChoice.CPU);
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        manager.getEngine().setRandomSeed(3);
        workspace = new LayerWorkspace(manager);
    }

    @AfterEach
    void stop() {
        manager.close();
    }

    @Test
    void takesAByteAnElementAndErrsByHalfAStep() {
        NDArray values = manager.randomNormal(new Shape(ROWS, COLUMNS));
        PackedMatrix packed = PackedMatrix.of(values, Precision.INT8, workspace);
        assertEquals(DataType.INT8, packed.values().getDataType());
        assertEquals(new Shape(ROWS, COLUMNS), packed.values().getShape());
        NDArray errors = packed.decoded().sub(values).abs();
        NDArray halfSteps = values.abs().max(new int[] {1}, true).div(254);
        assertTrue(errors.lte(halfSteps.mul(1.0001f)).all().getBoolean());
        assertTrue(errors.max().getFloat() > 0);
    }

    @Test
    void everyRowHasAScaleOfItsOwn() {
        NDArray values =
                manager.create(new float[][] {{0, 0, 0}, {1e-30f, -2e-30f, 0}, {-1e30f, 3e29f, 1}, {127, -1.5f, 2.5f}});
        PackedMatrix packed = PackedMatrix.of(values, Precision.INT8, workspace);
        assertArrayEquals(
                new byte[] {0, 0, 0, 64, -127, 0, -127, 38, 0, 127, -2, 2},
                packed.values().toByteArray());
        float[] decoded = packed.decoded().toFloatArray();
        assertEquals(0, decoded[0]);
        assertEquals(-2e-30f, decoded[4], 1e-36f);
        assertEquals(-1e30f, decoded[6], 1e24f);
        assertEquals(127, decoded[9]);
    }

    @ParameterizedTest
    @EnumSource(names = "FLOAT32", mode = EnumSource.Mode.EXCLUDE)
    void computesAsWithTheDecodedMatrix(Precision precision) {
        PackedMatrix packed = PackedMatrix.of(manager.randomNormal(new Shape(ROWS, COLUMNS)), precision, workspace);
        NDArray decoded = packed.decoded();
        assertEquals(DataType.FLOAT32, decoded.getDataType());
        NDArray input = manager.randomNormal(new Shape(2, 5, COLUMNS));
        assertClose(input.matMul(decoded.transpose()), packed.product(input));
        NDArray gradient = manager.randomNormal(new Shape(2, 5, ROWS));
        assertClose(gradient.matMul(decoded), packed.back(gradient));
        NDArray ids = manager.create(new long[][] {{999, 0, 7}, {7, 7, 500}});
        assertArrayEquals(
                decoded.get(ids.flatten()).toFloatArray(), packed.rows(ids).toFloatArray());
        assertEquals(new Shape(2, 3, COLUMNS), packed.rows(ids).getShape());
    }

    /** Two layers take the same memory in turns; each has its own matrices back when its gradient is computed. */
    @ParameterizedTest
    @EnumSource(names = "FLOAT32", mode = EnumSource.Mode.EXCLUDE)
    void layersShareAWorkspace(Precision precision) {
        Linear[] maps = new Linear[4];
        NDArray[] decoded = new NDArray[4];
        for (int i = 0; i < maps.length; i++) {
            PackedMatrix matrix = PackedMatrix.of(manager.randomNormal(new Shape(8, 8)), precision, workspace);
            decoded[i] = matrix.decoded();
            maps[i] = new Linear.Packed(matrix, null);
        }
        NDArray input = manager.randomNormal(new Shape(3, 8));
        try (Autograd recording = Autograd.recording()) {
            NDArray first = Autograd.leaf(input);
            LayerWorkspace.Layer layer1 = workspace.fill();
            NDArray between = maps[1].apply(maps[0].apply(first));
            layer1.close();
            NDArray second = Autograd.leaf(between);
            LayerWorkspace.Layer layer2 = workspace.fill();
            NDArray last = maps[3].apply(maps[2].apply(second));
            layer2.close();
            Autograd.backward(last, last.onesLike());
            layer1.restore();
            Autograd.backward(between, second.getGradient());

            NDArray leaf = Autograd.leaf(input);
            NDArray expected = leaf;
            for (NDArray weight : decoded) {
                expected = expected.matMul(weight.transpose());
            }
            Autograd.backward(expected, expected.onesLike());
            assertClose(expected, last);
            assertClose(leaf.getGradient(), first.getGradient());
        }
    }

    @Test
    void oneLayerAtATimeFillsTheWorkspace() {
        try (LayerWorkspace.Layer layer = workspace.fill()) {
            assertThrows(IllegalStateException.class, workspace::fill);
        }
        workspace.fill().close();
    }

    private static void assertClose(NDArray expected, NDArray actual) {
        assertEquals(expected.getShape(), actual.getShape());
        float[] numbers = expected.toFloatArray();
        float largest = expected.abs().max().getFloat();
        assertArrayEquals(numbers, actual.toFloatArray(), 1e-5f * largest);
    }
}
