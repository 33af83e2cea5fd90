package dev.prompttuning.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.prompttuning.api.serving.AdapterServe;
import dev.prompttuning.api.tuning.PromptTuningJob;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder {@code crds}, the chart's copy of it, and the API reference hold what the resource types say. */
class CrdsTest {
    private static final String UPDATE = "mvn -pl src/api test -Dtest=CrdsTest -Dcrds.update";

    private static final List<String> COMMITTED = List.of("crds", "charts/prompt-tuning-operator/crds");

    @TempDir
    Path generated;

    @Test
    void committedCrdsAreTheGeneratedOnes() throws IOException {
        generate(PromptTuningJob.class);
        generate(AdapterServe.class);
        for (String folder : COMMITTED) {
            compare(folder, Path.of(System.getProperty("project.root"), folder));
        }
    }

    @Test
    void theReferenceTellsOfEveryField() throws IOException {
        List<CustomResourceDefinition> definitions =
                List.of(generate(PromptTuningJob.class), generate(AdapterServe.class));
        String reference = ApiReference.of(UPDATE, definitions);
        Path committed = Path.of(System.getProperty("project.root"), "src/docs/api.md");
        if (System.getProperty("crds.update") != null) {
            Files.writeString(committed, reference);
        }
        assertEquals(reference, Files.readString(committed), "src/docs/api.md tells of other types: run " + UPDATE);
    }

    private void compare(String folder, Path committed) throws IOException {
        if (System.getProperty("crds.update") != null) {
            for (String name : names(generated)) {
                Files.writeString(committed.resolve(name), content(generated, name));
            }
        }
        assertEquals(names(generated), names(committed), folder + " has other files than the types: run " + UPDATE);
        for (String name : names(generated)) {
            assertEquals(
                    content(generated, name),
                    Files.readString(committed.resolve(name)),
                    folder + "/" + name + " differs from the types in src/api: run " + UPDATE);
        }
    }

    private static Set<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yml"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** The generator sorts printer columns by their paths; people want them in the order they are declared. */
    private CustomResourceDefinition generate(Class<? extends CustomResource<?, ?>> type) throws IOException {
        new CRDGenerator()
                .customResourceClasses(type)
                .inOutputDir(generated.toFile())
                .generate();
        Path file = generated.resolve(CustomResource.getCRDName(type) + "-v1.yml");
        var definition = Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class);
        List<String> order = Arrays.stream(type.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        definition
                .getSpec()
                .getVersions()
                .get(0)
                .getAdditionalPrinterColumns()
                .sort(Comparator.comparingInt(column -> order.indexOf(column.getName())));
        Files.writeString(file, Serialization.asYaml(definition));
        return definition;
    }

    /** The generator writes whole limits as 4.0; on integers Kubernetes keeps and shows 4. */
    private static String content(Path folder, String name) throws IOException {
        return Files.readString(folder.resolve(name)).replaceAll("(?m)^( +(?:minimum|maximum): -?\\d+)\\.0$", "$1");
    }
}
