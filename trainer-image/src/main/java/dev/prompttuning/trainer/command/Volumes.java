package dev.prompttuning.trainer.command;

import dev.prompttuning.api.contract.Mounts;
import dev.prompttuning.training.UserMistakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that say which folders stand for a manifest's claims. */
public final class Volumes {
    @Option(
            names = "--volume",
            paramLabel = "CLAIM=DIR",
            description =
                    "The folder that stands for a PersistentVolumeClaim of the manifest; may be given several times.")
    Map<String, Path> folders = new HashMap<>();

    @Option(
            names = "--config-map",
            paramLabel = "NAME=DIR",
            description = "The folder that stands for a ConfigMap of the manifest, with a file for each key.")
    Map<String, Path> configMaps = new HashMap<>();

    /** The folders as a manifest's mounts; asking for one that was not given is the user's mistake. */
    public Mounts mounts() {
        return new Mounts() {
            @Override
            public String claim(String claimName) {
                return folder(folders.get(claimName), "claim", claimName, "--volume");
            }

            @Override
            public String configMap(String name) {
                return folder(configMaps.get(name), "ConfigMap", name, "--config-map");
            }
        };
    }

    /** These options once more, for a process of its own. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        folders.forEach((claim, folder) -> arguments.addAll(List.of("--volume", claim + "=" + folder)));
        configMaps.forEach((name, folder) -> arguments.addAll(List.of("--config-map", name + "=" + folder)));
        return arguments;
    }

    private static String folder(Path folder, String what, String name, String option) {
        if (folder == null) {
            throw new UserMistakeException("The manifest uses the " + what + " " + name
                    + "; say which folder it is with " + option + " " + name + "=DIR.");
        }
        if (!Files.isDirectory(folder)) {
            throw new UserMistakeException(
                    option + " " + name + "=" + folder + ": there is no such folder; create it or correct the path.");
        }
        return folder.toAbsolutePath().normalize().toString();
    }
}
