package dev.prompttuning.trainer.compare;

import dev.prompttuning.api.contract.TrainConfig;
import java.nio.file.Path;

/**
 * A job of the comparison.
 *
 * @param folder where its files are: the manifest that is trained, its result, its adapter
 * @param text the manifest, JSON documents one after another
 */
public record Contestant(Path folder, String text, TrainConfig config) {
    public String name() {
        return config.name();
    }

    public Path manifest() {
        return folder.resolve("job.yaml");
    }

    public Path result() {
        return folder.resolve("result.json");
    }
}
