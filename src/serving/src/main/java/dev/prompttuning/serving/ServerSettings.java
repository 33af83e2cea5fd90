package dev.prompttuning.serving;

import dev.prompttuning.api.model.Dtype;
import dev.prompttuning.api.model.Quantization;
import dev.prompttuning.serving.adapter.AdapterSource;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * What a server serves.
 *
 * @param name what clients call the base model
 * @param baseModel its folder
 * @param dtype how its weights are held
 * @param quantization how they are compressed, or null
 * @param maxContextLength empty for what the model was made for
 * @param maxQueueLength requests that may wait
 * @param adapters the wanted adapters, asked for again and again
 */
public record ServerSettings(
        String name,
        Path baseModel,
        Dtype dtype,
        Quantization quantization,
        OptionalInt maxContextLength,
        int maxQueueLength,
        Supplier<List<AdapterSource>> adapters) {}
