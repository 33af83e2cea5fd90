package dev.prompttuning.training.job;

import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.contract.TrainConfig.DataLocation;
import dev.prompttuning.training.data.hub.HubSplit;
import dev.prompttuning.training.data.store.RowStorage;
import dev.prompttuning.transformers.hub.DownloadProgress;
import dev.prompttuning.transformers.hub.HttpFile;
import dev.prompttuning.transformers.hub.HubClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds the files of data sets, and downloads them where they are not on a volume.
 *
 * @param cache folder for downloads
 */
record DataSources(Surroundings surroundings, Path cache, DownloadProgress progress) {
    private static final List<String> TRAIN = List.of("train");
    private static final List<String> EVALUATION = List.of("validation", "test");

    /** Downloads go where the base model's go. */
    static DataSources of(TrainConfig config, Surroundings surroundings, DownloadProgress progress) {
        String cache = config.baseModel().cache();
        return new DataSources(
                surroundings,
                cache == null ? surroundings.scratch() : surroundings.resolve().apply(cache),
                progress);
    }

    /** Files or folders with the rows to learn. */
    List<Path> train(DataLocation location) {
        return files(location, surroundings.downloads().trainToken(), TRAIN);
    }

    /** Files or folders with the rows to evaluate on. */
    List<Path> evaluation(DataLocation location) {
        return files(location, surroundings.downloads().evaluationToken(), EVALUATION);
    }

    /** Where the rows are kept. */
    RowStorage storage(TrainConfig.Data config) {
        return RowStorage.of(surroundings.scratch(), config.streaming());
    }

    private List<Path> files(DataLocation location, Optional<String> token, List<String> usualSplits) {
        if (location.path() != null) {
            return List.of(surroundings.resolve().apply(location.path()));
        }
        if (location.uri() != null) {
            // The models' token is for the hub and no other server.
            return List.of(new HttpFile(token, surroundings.s3(), cache, progress).download(location.uri()));
        }
        HubClient hub = new HubClient(surroundings.hub(), token.or(surroundings::token), cache).onProgress(progress);
        HubSplit split = HubSplit.of(location.repo(), location.subset(), location.split(), usualSplits);
        return (surroundings.downloads().offline() ? hub.offline() : hub)
                .downloadDataset(location.repo(), location.revision(), split);
    }
}
