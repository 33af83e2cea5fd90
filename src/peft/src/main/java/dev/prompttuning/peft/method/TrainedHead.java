package dev.prompttuning.peft.method;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.head.HeadModule;
import dev.prompttuning.transformers.head.HeadTask;
import dev.prompttuning.transformers.head.TaskHead;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The modules of a head that are trained and saved whole, PEFT's {@code modules_to_save}. */
public record TrainedHead(HeadTask task, List<HeadModule> modules) {

    private static final String TRAINED = ".modules_to_save.default.";

    /** How often PEFT wraps the model, which its tensors' names tell. */
    public enum Wrapping {
        /** Around a model with a soft prompt. */
        PROMPT("base_model."),
        /** Around a model with LoRA. */
        LORA("base_model.model.");

        private final String prefix;

        Wrapping(String prefix) {
            this.prefix = prefix;
        }
    }

    public TrainedHead {
        modules = List.copyOf(modules);
    }

    public static TrainedHead of(TaskHead head) {
        return new TrainedHead(head.task(), head.modules());
    }

    /** The tensors by the names they have in training. */
    Parameters parameters(Wrapping wrapping) {
        return new Parameters(named(wrapping, TRAINED));
    }

    /** The tensors by the names they have in an adapter file. */
    public Map<String, NDArray> saved(Wrapping wrapping) {
        return named(wrapping, ".");
    }

    private Map<String, NDArray> named(Wrapping wrapping, String infix) {
        Map<String, NDArray> named = new LinkedHashMap<>();
        modules.forEach(module -> module.tensors()
                .forEach((name, tensor) -> named.put(wrapping.prefix + module.name() + infix + name, tensor)));
        return named;
    }

    /** What {@code adapter_config.json} says is saved: PEFT's names for the task's heads, and the last parts of others' names. */
    public List<String> modulesToSave() {
        Set<String> names = new LinkedHashSet<>(task.modules());
        modules.forEach(
                module -> names.add(module.name().substring(module.name().lastIndexOf('.') + 1)));
        return List.copyOf(names);
    }
}
