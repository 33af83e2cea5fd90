package dev.prompttuning.trainer.command;

import dev.prompttuning.api.contract.ContractJson;
import dev.prompttuning.api.contract.ServeConfig;
import dev.prompttuning.serving.ServerSettings;
import dev.prompttuning.serving.adapter.AdapterListFile;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.job.DownloadLog;
import dev.prompttuning.training.job.ModelSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.jboss.logging.Logger;

/** A {@code serve.json}: what a pod is told to serve. */
record ServeConfigFile(Path file, PodPaths paths) {
    private static final Logger LOG = Logger.getLogger(ServeConfigFile.class);

    ServerSettings settings() {
        ServeConfig config = read();
        Integer context = config.engine() == null ? null : config.engine().maxContextLength();
        return new ServerSettings(
                config.name(),
                new ModelSources(ProcessSurroundings.ofPod(paths), new DownloadLog(LOG::info))
                        .folder(config.baseModel()),
                config.baseModel().dtype(),
                config.baseModel().quantization(),
                context == null ? OptionalInt.empty() : OptionalInt.of(context),
                config.engine() == null ? 256 : config.engine().maxQueueLength(),
                config.adapterList() == null
                        ? List::of
                        : new AdapterListFile(paths.resolve(config.adapterList()), paths::resolve));
    }

    private ServeConfig read() {
        Path path = paths.resolve(file.toString());
        try {
            return ContractJson.read(Files.readString(path), ServeConfig.class);
        } catch (IOException e) {
            throw new UserMistakeException("--config " + path + " cannot be read; name a serve.json.");
        } catch (IllegalArgumentException e) {
            throw new UserMistakeException(path + ": " + e.getMessage());
        }
    }
}
