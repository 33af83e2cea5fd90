package dev.prompttuning.transformers.kernel;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Each kernel is a module without state, whose only method is {@code forward}; the modules live as long as the process. */
final class TorchScriptKernels implements Kernels {
    private static final String SOURCE = "kernels.torchscript";

    private final PtSymbolBlock toBFloat16;
    private final PtSymbolBlock toFloat16;
    private final PtSymbolBlock embedding;
    private final PtSymbolBlock matMul;
    private final PtSymbolBlock matMulScaled;
    private final PtSymbolBlock rowScales;
    private final PtSymbolBlock toInt8;
    private final PtSymbolBlock decoded;
    private final PtSymbolBlock decodedInto;
    private final PtSymbolBlock decodedRows;
    private final PtSymbolBlock decodedProduct;
    private final PtSymbolBlock decodedBack;
    private final PtSymbolBlock swiGlu;
    private final PtSymbolBlock swiGluRecorded;

    private TorchScriptKernels(PtNDManager manager, String source) {
        toBFloat16 = load(manager, source, "ToBFloat16");
        toFloat16 = load(manager, source, "ToFloat16");
        embedding = load(manager, source, "Embedding");
        matMul = load(manager, source, "MatMul");
        matMulScaled = load(manager, source, "MatMulScaled");
        rowScales = load(manager, source, "RowScales");
        toInt8 = load(manager, source, "ToInt8");
        decoded = load(manager, source, "Decoded");
        decodedInto = load(manager, source, "DecodeInto");
        decodedRows = load(manager, source, "DecodedRows");
        decodedProduct = load(manager, source, "DecodedProduct");
        decodedBack = load(manager, source, "DecodedBack");
        swiGlu = load(manager, source, "SwiGlu");
        swiGluRecorded = load(manager, source, "SwiGluRecorded");
    }

    static Kernels loaded() {
        return Loaded.KERNELS;
    }

    @Override
    public NDArray toBFloat16(NDArray values) {
        return run(toBFloat16, values);
    }

    @Override
    public NDArray toFloat16(NDArray values) {
        return run(toFloat16, values);
    }

    @Override
    public NDArray embedding(NDArray ids, NDArray weight) {
        return run(embedding, ids, weight);
    }

    @Override
    public NDArray matMul(NDArray input, NDArray weight) {
        boolean scaled = weight.getDataType() == DataType.FLOAT16 && JniUtils.isGradMode();
        return run(scaled ? matMulScaled : matMul, input, weight);
    }

    @Override
    public NDArray rowScales(NDArray values) {
        return run(rowScales, values);
    }

    @Override
    public NDArray toInt8(NDArray values, NDArray scales) {
        return run(toInt8, values, scales);
    }

    @Override
    public NDArray decoded(NDArray values, NDArray scales) {
        return run(decoded, values, scales);
    }

    @Override
    public NDArray decodedInto(NDArray target, NDArray values, NDArray scales) {
        return run(decodedInto, target, values, scales);
    }

    @Override
    public NDArray decodedRows(NDArray ids, NDArray values, NDArray scales) {
        return run(decodedRows, ids, values, scales);
    }

    @Override
    public NDArray decodedProduct(NDArray input, NDArray values, NDArray scales) {
        return run(decodedProduct, input, values, scales);
    }

    @Override
    public NDArray decodedBack(NDArray gradient, NDArray values, NDArray scales) {
        return run(decodedBack, gradient, values, scales);
    }

    @Override
    public NDArray swiGlu(NDArray gate, NDArray up) {
        return run(JniUtils.isGradMode() ? swiGluRecorded : swiGlu, gate, up);
    }

    private static NDArray run(PtSymbolBlock kernel, NDArray... arguments) {
        // Else every new shape is traced and compiled anew; the setting belongs to the thread.
        JniUtils.setGraphExecutorOptimize(false);
        // "Training" leaves the thread's gradient mode as it is; otherwise results could never take part in a
        // recording.
        return IValueUtils.forward(kernel, new NDList(arguments), true).singletonOrThrow();
    }

    private static PtSymbolBlock load(PtNDManager manager, String source, String kernel) {
        try (InputStream archive = TorchScriptArchive.of(source, kernel)) {
            return JniUtils.loadModule(manager, archive, false, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Loads the kernels when they are first asked for. */
    private static final class Loaded {
        private static final Kernels KERNELS = load();

        private static Kernels load() {
            NDManager manager = Engine.getEngine("PyTorch").newBaseManager();
            try (InputStream source = TorchScriptKernels.class.getResourceAsStream(SOURCE)) {
                return new TorchScriptKernels(
                        (PtNDManager) manager, new String(source.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
