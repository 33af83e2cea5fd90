package dev.prompttuning.quickstart.tour;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where things lie in the repository.
 *
 * @param root the repository's folder
 */
public record Project(Path root) {

    public Project {
        root = root.toAbsolutePath().normalize();
    }

    Path manifest() {
        return root.resolve("examples/quickstart.yaml");
    }

    /** The base model, the rows to learn and the rows held out. */
    Path data() {
        return root.resolve("examples/quickstart");
    }

    Path heldOut() {
        return data().resolve("held-out.jsonl");
    }

    List<Path> crds() {
        return List.of(
                root.resolve("crds/prompttuningjobs.prompttuning.dev-v1.yml"),
                root.resolve("crds/adapterserves.prompttuning.dev-v1.yml"));
    }

    Path operator() {
        return root.resolve("operator/target/quarkus-app/quarkus-run.jar");
    }

    Path trainer() {
        return root.resolve("trainer-image/bin/trainer");
    }

    private Path trainerApplication() {
        return root.resolve("trainer-image/target/quarkus-app/quarkus-run.jar");
    }

    /** What a run leaves; git ignores it. */
    Path work() {
        return root.resolve(".quickstart");
    }

    /** The kubeconfig, the logs, and the pods' folders. */
    Path cluster() {
        return work().resolve("cluster");
    }

    /** The folder behind the claim that the soft prompt goes to. */
    Path adapters() {
        return work().resolve("adapters");
    }

    /** As a person would type it in the repository's folder. */
    String relative(Path path) {
        return path.startsWith(root) ? root.relativize(path).toString() : path.toString();
    }

    /** @throws StepFailedException when a part is missing */
    void check() {
        for (Path built : List.of(operator(), trainerApplication())) {
            require(built, "it is built by: mvn package -DskipTests");
        }
        require(data().resolve("model/model.safetensors"), "it is made by: src/quickstart/make-base-model");
        require(heldOut(), "check the repository out again");
    }

    private void require(Path file, String remedy) {
        if (!Files.isRegularFile(file)) {
            throw new StepFailedException(relative(file) + " is missing; " + remedy + ".");
        }
    }
}
