package dev.prompttuning.training.job;

import ai.djl.engine.Engine;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What computed a result, for its provenance. */
final class Versions {

    private Versions() {}

    static Map<String, String> all() {
        Map<String, String> versions = new TreeMap<>();
        versions.put("java", System.getProperty("java.version"));
        versions.put("pytorch", Engine.getEngine("PyTorch").getVersion());
        Optional.ofNullable(Versions.class.getPackage().getImplementationVersion())
                .ifPresent(version -> versions.put("trainer", version));
        return versions;
    }
}
