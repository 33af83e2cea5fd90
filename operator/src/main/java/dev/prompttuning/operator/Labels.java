package dev.prompttuning.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.TreeMap;

/** The labels of everything the operator makes. */
public final class Labels {
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    public static final String NAME = "app.kubernetes.io/name";
    public static final String INSTANCE = "app.kubernetes.io/instance";
    public static final String OPERATOR = "prompt-tuning-operator";
    public static final String TRAINER = "prompt-tuning-trainer";
    public static final String SERVER = "prompt-tuning-server";

    /** Selects what the operator made, for informers. */
    public static final String SELECTOR = MANAGED_BY + "=" + OPERATOR;

    private Labels() {}

    /** The labels of a child of {@code owner}; {@code name} is TRAINER or SERVER. */
    public static Map<String, String> of(HasMetadata owner, String name) {
        return new TreeMap<>(Map.of(MANAGED_BY, OPERATOR, NAME, name, INSTANCE, instance(owner)));
    }

    /** A label's value is shorter than a name may be. */
    public static String instance(HasMetadata owner) {
        return ShortNames.of(owner.getMetadata().getName(), 63);
    }
}
