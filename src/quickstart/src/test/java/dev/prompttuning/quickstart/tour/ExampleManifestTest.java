package dev.prompttuning.quickstart.tour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.api.manifest.Manifest;
import dev.prompttuning.api.manifest.Manifests;
import dev.prompttuning.api.validation.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExampleManifestTest {
    private static final Path ROOT = Path.of(System.getProperty("project.root"));
    private final Project project = new Project(ROOT);

    @Test
    void everyManifestIsWithoutProblems() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(ROOT.resolve("examples"))) {
            files = found.filter(file -> file.toString().endsWith(".yaml")).toList();
        }
        assertTrue(files.contains(ROOT.resolve("examples/quickstart.yaml")));
        for (Path file : files) {
            for (Manifest manifest : new Manifests().read(file)) {
                assertEquals(List.of(), problems(manifest), file + " " + manifest.name());
            }
        }
    }

    private static List<String> problems(Manifest manifest) {
        if (manifest instanceof Manifest.Job job) {
            return Problems.of(job.spec());
        }
        return manifest instanceof Manifest.Serve serve ? Problems.of(serve.spec()) : List.of();
    }

    @Test
    void theServerServesWhatTheJobMakes() throws IOException {
        List<Manifest> manifests = new Manifests().read(project.manifest());
        Manifest.Job job = (Manifest.Job) manifests.get(0);
        Manifest.Serve serve = (Manifest.Serve) manifests.get(1);
        assertEquals(job.name(), serve.spec().adapters().get(0).job().name());
        assertEquals(job.spec().baseModel(), serve.spec().baseModel());
    }

    @Test
    void theClaimsHoldWhatTheJobReads() throws IOException {
        Manifest.Job job =
                (Manifest.Job) new Manifests().read(project.manifest()).get(0);
        Resources around = Resources.of(
                "cluster.yaml",
                Map.of(
                        "data", project.data().toString(),
                        "adapters", project.adapters().toString()));
        List<String> claims = around.list().stream()
                .filter(resource -> resource.getKind().equals("PersistentVolumeClaim"))
                .map(resource -> resource.getMetadata().getName())
                .toList();
        var train = job.spec().dataset().train().persistentVolumeClaim();
        var evaluation = job.spec().dataset().evaluation().persistentVolumeClaim();
        assertTrue(claims.contains(train.claimName()));
        assertTrue(claims.contains(job.spec().output().persistentVolumeClaim().claimName()));
        assertTrue(Files.isRegularFile(project.data().resolve(train.path())));
        assertEquals(project.heldOut(), project.data().resolve(evaluation.path()));
    }

    @Test
    void foldersWithStrangeNamesStayWhole() throws IOException {
        String folder = "/a: b #c\"d";
        Resources around = Resources.of("cluster.yaml", Map.of("data", folder, "adapters", "/e"));
        assertFalse(around.list().isEmpty());
        assertEquals(
                1,
                around.list().stream()
                        .map(resource -> resource.getMetadata().getAnnotations())
                        .filter(annotations -> annotations != null && annotations.containsValue(folder))
                        .count());
    }
}
