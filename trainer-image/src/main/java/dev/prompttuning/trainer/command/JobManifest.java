package dev.prompttuning.trainer.command;

import dev.prompttuning.api.contract.Mounts;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.contract.TrainConfigs;
import dev.prompttuning.api.manifest.Manifest;
import dev.prompttuning.api.manifest.Manifests;
import dev.prompttuning.api.validation.Problems;
import dev.prompttuning.training.UserMistakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A manifest file with one PromptTuningJob, and perhaps the ConfigMaps that hold its data. */
record JobManifest(Path file, Mounts folders) {

    TrainConfig config() {
        List<Manifest> manifests = read();
        List<Manifest.Job> jobs = manifests.stream()
                .filter(Manifest.Job.class::isInstance)
                .map(Manifest.Job.class::cast)
                .toList();
        if (jobs.size() != 1) {
            throw new UserMistakeException(
                    file + " holds " + jobs.size() + " PromptTuningJob documents; give a file with exactly one.");
        }
        List<String> problems = Problems.of(jobs.get(0).spec());
        if (!problems.isEmpty()) {
            throw new UserMistakeException(file + ": " + String.join(" ", problems));
        }
        return TrainConfigs.of(jobs.get(0).spec(), jobs.get(0).name(), mounts(manifests));
    }

    private List<Manifest> read() {
        try {
            return new Manifests().read(file);
        } catch (IOException e) {
            throw new UserMistakeException(file + " cannot be read: " + e.getMessage() + ".");
        }
    }

    /** The folders of the command line, and those of the ConfigMaps in the file. */
    private Mounts mounts(List<Manifest> manifests) {
        return new Mounts() {
            @Override
            public String claim(String claimName) {
                return folders.claim(claimName);
            }

            @Override
            public String configMap(String name) {
                Optional<Manifest.ConfigMap> inFile = manifests.stream()
                        .filter(Manifest.ConfigMap.class::isInstance)
                        .map(Manifest.ConfigMap.class::cast)
                        .filter(map -> map.name().equals(name))
                        .findFirst();
                return inFile.map(map -> unpacked(map.data())).orElseGet(() -> folders.configMap(name));
            }
        };
    }

    private static String unpacked(Map<String, String> data) {
        try {
            Path folder = Files.createTempDirectory("config-map");
            folder.toFile().deleteOnExit();
            for (Map.Entry<String, String> entry : data.entrySet()) {
                Path written = Files.writeString(folder.resolve(entry.getKey()), entry.getValue());
                written.toFile().deleteOnExit();
            }
            return folder.toString();
        } catch (IOException e) {
            throw new UserMistakeException("The ConfigMap's data cannot be written to "
                    + System.getProperty("java.io.tmpdir") + ": " + e.getMessage() + ".");
        }
    }
}
