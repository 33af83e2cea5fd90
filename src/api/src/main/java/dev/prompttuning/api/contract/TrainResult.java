package dev.prompttuning.api.contract;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/**
 * What a finished training leaves in its container's termination message, which holds at most 4,096 bytes.
 *
 * @param path the adapter's folder as the pod sees it
 * @param digest {@code sha256:} and the hexadecimal digest of the adapter's files
 * @param method the method as {@link dev.prompttuning.api.tuning.Method#label()} says it
 * @param bytes size of the adapter's files
 * @param metrics results of the last evaluation by name, for example {@code loss}, {@code exactMatch}
 * @param steps optimizer steps done
 * @param seconds wall time of this pod's training
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrainResult(
        String path,
        String digest,
        String method,
        Integer numVirtualTokens,
        long trainableParameters,
        long allParameters,
        long bytes,
        Map<String, Double> metrics,
        int steps,
        double seconds) {}
