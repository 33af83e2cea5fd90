package dev.prompttuning.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A folder with {@code in-*.yaml} files and the {@code out-KIND-NAME.yaml} files that come of them. With the system
 * property {@code golden.update} the outputs are written anew.
 */
public final class GoldenFiles {
    private final Path folder;

    public GoldenFiles(Path folder) {
        this.folder = folder;
    }

    /** All scenarios that have a given input. */
    public static List<GoldenFiles> with(String input) {
        Path root = Path.of(System.getProperty("project.root"), "operator/src/test/resources/golden");
        try (var folders = Files.list(root)) {
            return folders.filter(folder -> Files.exists(folder.resolve(input)))
                    .sorted()
                    .map(GoldenFiles::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean has(String input) {
        return Files.exists(folder.resolve(input));
    }

    public <T> T read(String input, Class<T> type) throws IOException {
        return Serialization.unmarshal(Files.readString(folder.resolve(input)), type);
    }

    /** Every output must be as it is in its file, and every file must be an output. */
    public void check(HasMetadata... outputs) throws IOException {
        Set<String> names = new TreeSet<>();
        for (HasMetadata output : outputs) {
            String name = "out-" + output.getKind() + "-" + output.getMetadata().getName() + ".yaml";
            names.add(name);
            String yaml = Serialization.asYaml(output);
            if (System.getProperty("golden.update") != null) {
                Files.writeString(folder.resolve(name), yaml);
            }
            assertEquals(Files.readString(folder.resolve(name)), yaml, folder + "/" + name);
        }
        try (var files = Files.list(folder)) {
            Set<String> present = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("in-"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(names, present, "files without an output in " + folder);
        }
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
