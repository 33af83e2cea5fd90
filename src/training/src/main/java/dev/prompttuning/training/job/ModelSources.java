package dev.prompttuning.training.job;

import dev.prompttuning.api.contract.ModelSource;
import dev.prompttuning.transformers.hub.DownloadProgress;
import dev.prompttuning.transformers.hub.HttpFolder;
import dev.prompttuning.transformers.hub.HubClient;
import java.net.URI;
import java.nio.file.Path;

/** Finds a base model's folder, and downloads it where it is not on a volume. */
public record ModelSources(Surroundings surroundings, DownloadProgress progress) {

    /** The folder of the model, complete. */
    public Path folder(ModelSource source) {
        if (source.path() != null) {
            return surroundings.resolve().apply(source.path());
        }
        Path cache = source.cache() == null
                ? surroundings.scratch()
                : surroundings.resolve().apply(source.cache());
        if (source.uri() != null) {
            return new HttpFolder(surroundings.token(), surroundings.s3(), cache, progress)
                    .download(URI.create(source.uri()));
        }
        HubClient hub = new HubClient(surroundings.hub(), surroundings.token(), cache).onProgress(progress);
        return (surroundings.downloads().offline() ? hub.offline() : hub).download(source.repo(), source.revision());
    }
}
