package dev.prompttuning.api.contract;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The file {@code serve.json}.
 *
 * @param name what requests give as model to ask the bare base model
 * @param adapterList path of the {@link AdapterList} file, which changes while the pod runs
 * @param port port of the API, the metrics and the probes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServeConfig(String name, ModelSource baseModel, Engine engine, String adapterList, int port) {

    /**
     * Limits of the batching engine.
     *
     * @param maxBatchTokens null: no limit beside the others
     * @param maxContextLength null: what the base model was made for
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Engine(int maxBatchSize, Integer maxBatchTokens, Integer maxContextLength, int maxQueueLength) {}
}
