package dev.prompttuning.transformers.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.djl.pytorch.jni.JniUtils;

/** Starts the engine. Call this before anything else touches DJL: some settings count only before its native code is loaded. */
public final class PyTorch {
    private PyTorch() {}

    /** As {@link #start(int, DeviceChoice)} with a thread for each processor that the container may use. */
    public static Device start(DeviceChoice choice) {
        return start(Runtime.getRuntime().availableProcessors(), choice);
    }

    /**
     * Loads the native code and returns the device to compute on. DJL is kept from the network: natives come from the class path or
     * from where PYTORCH_LIBRARY_PATH points.
     *
     * @param threads the threads of one operation; by itself PyTorch takes all cores of the machine, whatever the container may use
     * @throws IllegalStateException when the engine cannot start or there is no GPU though one is wanted; the message is for people
     */
    public static Device start(int threads, DeviceChoice choice) {
        if (threads < 1) {
            throw new IllegalArgumentException("PyTorch needs at least one thread, not " + threads + ".");
        }
        stayOffline();
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
        if (System.getProperty("ai.djl.pytorch.num_interop_threads") == null) {
            System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        }
        Engine engine = engine();
        JniUtils.setNumThreads(threads);
        JniUtils.setGradMode(false);
        boolean gpu = engine.hasCapability(StandardCapabilities.CUDA);
        if (choice == DeviceChoice.CUDA && !gpu) {
            throw new IllegalStateException(
                    "A GPU is asked for, but PyTorch sees none; use the CUDA image on a node with a GPU,"
                            + " or set the device to auto or cpu.");
        }
        return gpu && choice != DeviceChoice.CPU ? Device.gpu() : Device.cpu();
    }

    /** The threads of one operation. */
    public static int threads() {
        return JniUtils.getNumThreads();
    }

    private static void stayOffline() {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        if (System.getenv("RUST_FLAVOR") == null) {
            // Else a host with a GPU makes the tokenizers look for a CUDA build of themselves.
            System.setProperty("RUST_FLAVOR", "cpu");
        }
    }

    private static Engine engine() {
        try {
            return Engine.getEngine("PyTorch");
        } catch (EngineException | UnsatisfiedLinkError e) {
            throw new IllegalStateException(
                    "PyTorch cannot be started: " + e.getMessage()
                            + "; the native libraries must be on the class path or in PYTORCH_LIBRARY_PATH.",
                    e);
        }
    }
}
