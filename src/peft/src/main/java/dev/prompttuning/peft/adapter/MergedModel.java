package dev.prompttuning.peft.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.peft.lora.LowRank;
import dev.prompttuning.peft.method.Lora;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.model.LinearMap;
import dev.prompttuning.transformers.model.LoadedModel;
import dev.prompttuning.transformers.safetensors.Dtype;
import dev.prompttuning.transformers.safetensors.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A base model's weights with LoRA's additions added to them; what PEFT's {@code merge_and_unload} leaves.
 *
 * @param model of the same folder, in single precision
 */
public record MergedModel(ModelFolder base, LoadedModel model, Lora lora) {

    /** Writes all tensors of the base model's files into one, in the number format that its large weights have there. */
    public void write(Path file) throws IOException {
        try (NDManager manager = model.manager().newSubManager();
                Autograd off = Autograd.off()) {
            Map<String, NDArray> merged = new LinkedHashMap<>(model.weights());
            base.tensors()
                    .names()
                    .forEach(name -> merged.computeIfAbsent(
                            name, beside -> base.tensors().load(beside, manager)));
            for (LinearMap map : model.linears()) {
                lora.addition(map.name())
                        .ifPresent(addition -> merged.computeIfPresent(
                                map.weight(), (name, weight) -> added(weight, addition, map.transposed(), manager)));
            }
            SafeTensorsWriter.write(file, merged, Map.of("format", "pt"), format());
        }
    }

    private static NDArray added(NDArray weight, LowRank addition, boolean transposed, NDManager owner) {
        try (Scope scope = Scope.open()) {
            NDArray product = addition.product();
            NDArray sum = scope.keep(weight.add(transposed ? product.transpose() : product));
            sum.attach(owner);
            return sum;
        }
    }

    private Dtype format() {
        Dtype dtype = base.tensors().info(model.linears().get(0).weight()).dtype();
        return dtype.widened() ? dtype : Dtype.F32;
    }
}
