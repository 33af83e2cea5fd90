package dev.prompttuning.peft.method;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.peft.lora.LoraSettings;
import dev.prompttuning.peft.lora.LowRank;
import dev.prompttuning.transformers.model.Linear;
import dev.prompttuning.transformers.model.LinearAdapter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * LoRA (Hu et al. 2021), PEFT's LoraModel: some of the frozen model's linear maps get a low-rank addition, which is trained.
 *
 * @param parameters of each such map {@code base_model.model.MAP.lora_A.default.weight [rank, in]} and {@code lora_B [out, rank]}
 */
public record Lora(Parameters parameters, LoraSettings settings) implements Tuning {

    private static final String PREFIX = "base_model.model.";
    private static final String A = ".lora_A.default.weight";
    private static final String B = ".lora_B.default.weight";

    /** PEFT's name of a map's first matrix. */
    public static String nameOfA(String map) {
        return PREFIX + map + A;
    }

    /** PEFT's name of a map's second matrix. */
    public static String nameOfB(String map) {
        return PREFIX + map + B;
    }

    /** The maps that have additions. */
    public List<String> maps() {
        return parameters.tensors().keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && name.endsWith(A))
                .map(name -> name.substring(PREFIX.length(), name.length() - A.length()))
                .toList();
    }

    /** A map's addition, without dropout. */
    public Optional<LowRank> addition(String map) {
        return addition(map, 0);
    }

    private Optional<LowRank> addition(String map, double dropout) {
        NDArray a = parameters.tensors().get(nameOfA(map));
        if (a == null) {
            return Optional.empty();
        }
        double scale = settings.scale(map, a.getShape().get(0));
        return Optional.of(new LowRank(a, parameters.get(nameOfB(map)), scale, dropout));
    }

    /** Puts the additions where they belong. */
    public LinearAdapter adapter() {
        return adapter(0);
    }

    /** As {@link #adapter()}, with dropout, for training. */
    public LinearAdapter trainingAdapter() {
        return adapter(settings.dropout());
    }

    /** The tensors by the names they have in an adapter file. */
    public Map<String, NDArray> saved() {
        Map<String, NDArray> saved = new LinkedHashMap<>();
        parameters.tensors().forEach((name, tensor) -> saved.put(name.replace(".default.weight", ".weight"), tensor));
        return saved;
    }

    private LinearAdapter adapter(double dropout) {
        return (map, linear) -> addition(map.name(), dropout)
                .<Linear>map(addition -> new Linear.Adjusted(linear, addition))
                .orElse(linear);
    }

    @Override
    public Optional<Lora> lora() {
        return Optional.of(this);
    }
}
