package dev.prompttuning.training.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.prompttuning.api.contract.TrainConfig;
import java.util.Map;

/**
 * {@code provenance.json}: where an adapter comes from.
 *
 * @param format version of this file's layout
 * @param config every setting, defaults resolved
 * @param datasetDigest of the training data's files
 * @param versions of what computed it
 * @param steps optimizer steps behind the result: fewer than were done where an earlier state was the best
 * @param metrics of the last evaluation
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Provenance(
        int format,
        BaseModel baseModel,
        TrainConfig config,
        String datasetDigest,
        Map<String, String> versions,
        int steps,
        double finalLoss,
        Map<String, Double> metrics) {

    /** @param digest over the model's configuration and weights */
    public record BaseModel(String name, String revision, String digest) {}
}
