package dev.prompttuning.peft.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.prompttuning.peft.method.TrainedHead;
import dev.prompttuning.peft.method.TrainedHead.Wrapping;
import dev.prompttuning.transformers.engine.Autograd;
import java.util.Map;

/** The tensors of a head in an adapter's file. */
record SavedHead(AdapterFiles files, Wrapping wrapping) {

    /**
     * Copies them into a model's head, which they take the place of.
     *
     * @throws InvalidAdapterException when one is missing or has another shape
     */
    void load(TrainedHead head, NDManager parent) {
        try (NDManager manager = parent.newSubManager();
                Autograd off = Autograd.off()) {
            Map<String, NDArray> found = files.tensors(manager);
            head.saved(wrapping).forEach((name, tensor) -> {
                NDArray saved = found.get(name);
                if (saved == null) {
                    throw new InvalidAdapterException("%s holds no tensor named %s, which the head for %s needs"
                            .formatted(files.folder(), name, head.task()));
                }
                if (!saved.getShape().equals(tensor.getShape())) {
                    throw new InvalidAdapterException(
                            "%s was made for another model or other labels: its tensor %s has shape %s, but this model's head needs %s"
                                    .formatted(files.folder(), name, saved.getShape(), tensor.getShape()));
                }
                tensor.set(new NDIndex("..."), saved);
            });
        }
    }
}
