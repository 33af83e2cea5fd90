package dev.prompttuning.api.manifest;

import dev.prompttuning.api.serving.AdapterServeSpec;
import dev.prompttuning.api.tuning.PromptTuningJobSpec;
import java.util.Map;

/** One document of a manifest file. */
public sealed interface Manifest {

    /** {@code metadata.name}. */
    String name();

    /** A PromptTuningJob. {@code spec.pod} is not read, because no pod is made without a cluster. */
    record Job(String name, PromptTuningJobSpec spec) implements Manifest {}

    /** An AdapterServe. {@code spec.pod} is not read. */
    record Serve(String name, AdapterServeSpec spec) implements Manifest {}

    /** A ConfigMap, which may hold a small dataset. */
    record ConfigMap(String name, Map<String, String> data) implements Manifest {}

    /** A kind that has a meaning only in a cluster, for example a PersistentVolumeClaim. */
    record Other(String name, String kind) implements Manifest {}
}
