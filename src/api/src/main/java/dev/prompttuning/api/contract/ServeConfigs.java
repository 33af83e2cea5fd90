package dev.prompttuning.api.contract;

import dev.prompttuning.api.serving.AdapterServeSpec;
import dev.prompttuning.api.serving.Engine;

/** From a spec to the configuration of a server pod. */
public final class ServeConfigs {
    private ServeConfigs() {}

    /** @param adapterList where the pod finds its {@link AdapterList} */
    public static ServeConfig of(AdapterServeSpec spec, Mounts mounts, String adapterList) {
        Engine engine = spec.engine() == null ? new Engine(null, null, null, null) : spec.engine();
        ModelSource model = TrainConfigs.model(spec.baseModel(), mounts);
        return new ServeConfig(
                model.name(),
                model,
                new ServeConfig.Engine(
                        engine.maxBatchSize() == null ? 8 : engine.maxBatchSize(),
                        engine.maxBatchTokens(),
                        engine.maxContextLength(),
                        engine.maxQueueLength() == null ? 256 : engine.maxQueueLength()),
                adapterList,
                ContractPaths.PORT);
    }
}
