package dev.prompttuning.peft.lora;

import dev.prompttuning.transformers.model.LinearMap;
import java.util.List;
import java.util.function.Predicate;

/** Which linear maps get additions. */
public final class LoraTargets {

    /** PEFT's word for every linear map but the head. */
    public static final String ALL_LINEAR = "all-linear";

    private static final String HEAD = "lm_head";

    private LoraTargets() {}

    /**
     * PEFT's choice for a family where the user makes none: mostly the projections of queries and values.
     *
     * @param modelType as in {@code config.json}
     */
    public static List<String> defaults(String modelType) {
        return switch (modelType) {
            case "gpt2" -> List.of("c_attn");
            case "bloom" -> List.of("query_key_value");
            case "bert", "roberta" -> List.of("query", "value");
            case "t5", "mt5" -> List.of("q", "v");
            default -> List.of("q_proj", "v_proj");
        };
    }

    /** Whether a target names a map: by its whole name or by the name's end behind a dot. */
    static boolean names(String target, String map) {
        return map.equals(target) || map.endsWith("." + target);
    }

    /** The targets as they are saved: {@value #ALL_LINEAR} becomes the last parts of the maps' names, each once. */
    public static List<String> resolved(List<String> targets, List<LinearMap> maps) {
        if (!targets.equals(List.of(ALL_LINEAR))) {
            return targets;
        }
        return maps.stream()
                .map(LinearMap::name)
                .filter(Predicate.not(HEAD::equals))
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * The maps that are meant.
     *
     * @throws IllegalArgumentException when a target names none of them, with a sentence for people
     */
    public static List<LinearMap> matching(List<String> targets, List<LinearMap> maps) {
        for (String target : targets) {
            if (maps.stream().noneMatch(map -> names(target, map.name()))) {
                throw new IllegalArgumentException("no linear layer of this model is called \"%s\"; there are %s."
                        .formatted(target, String.join(", ", resolved(List.of(ALL_LINEAR), maps))));
            }
        }
        List<LinearMap> meant = maps.stream()
                .filter(map -> targets.stream().anyMatch(target -> names(target, map.name())))
                .toList();
        if (meant.stream().allMatch(map -> map.name().equals(HEAD))) {
            throw new IllegalArgumentException(
                    "the head, \"%s\", cannot be the only target; name a linear layer of the blocks too."
                            .formatted(HEAD));
        }
        return meant;
    }
}
