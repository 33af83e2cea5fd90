package dev.prompttuning.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An evaluation on the way.
 *
 * @param step optimizer steps done
 * @param metrics by the names of status and result files
 */
public record StepMetrics(int step, Map<String, Double> metrics) {

    public StepMetrics {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
}
