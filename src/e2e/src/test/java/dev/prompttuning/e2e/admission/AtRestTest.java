package dev.prompttuning.e2e.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.prompttuning.e2e.Eventually;
import dev.prompttuning.e2e.Installation;
import dev.prompttuning.e2e.JobHistory;
import dev.prompttuning.e2e.OnCluster;
import dev.prompttuning.e2e.QuickstartFiles;
import dev.prompttuning.e2e.SmallJob;
import dev.prompttuning.e2e.TestNamespace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** When there is nothing to do, nothing is written; and who applies the same manifest again and again changes nothing. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AtRestTest {
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final String KINDS = "ptj,aserve,jobs,configmaps,deployments,services";
    private static final String SERVE =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: AdapterServe
            metadata: {name: rest}
            spec:
              baseModel:
                persistentVolumeClaim: {claimName: quickstart, path: model}
              adapters:
              - {name: rest, job: {name: rest}}
            """;
    private static final String MANIFEST = SmallJob.named("rest").steps(20).yaml() + "---\n" + SERVE;

    private final Installation installation;
    private TestNamespace namespace;

    AtRestTest(Installation installation) {
        this.installation = installation;
    }

    @BeforeAll
    void trainAndServe() {
        namespace = installation.namespace("rest");
        QuickstartFiles.claims(namespace);
        try (JobHistory history = JobHistory.of(namespace, "rest")) {
            applyAsGitops();
            history.awaitPhase("Succeeded", LONG);
        }
        Eventually.get("the server to have its adapter", LONG, () -> Optional.ofNullable(
                        namespace.serve("rest").getStatus())
                .filter(status -> "1/1".equals(status.readyText()) && "1/1".equals(status.adaptersText())));
        // The Deployment's controller has its last word a moment later.
        Eventually.pause(Duration.ofSeconds(5));
    }

    @AfterAll
    void deleteNamespace() {
        namespace.close();
    }

    @Test
    void nothingIsWrittenForThirtySeconds() {
        Map<String, String> before = versions();
        Eventually.pause(Duration.ofSeconds(30));
        assertEquals(before, versions());
    }

    /** A new operator looks at everything anew. */
    @Test
    void anotherReconcileOfEverythingWritesNothing() {
        Map<String, String> before = versions();
        var operator = installation.awaitOperator();
        installation.client().resource(operator).withGracePeriod(1).delete();
        Eventually.holds("another operator to be ready", LONG, () -> !installation
                .awaitOperator()
                .getMetadata()
                .getUid()
                .equals(operator.getMetadata().getUid()));
        Eventually.pause(Duration.ofSeconds(10));
        assertEquals(before, versions());
    }

    @Test
    void gitopsAndOperatorDoNotFight() {
        Map<String, String> before = versions();
        for (int i = 0; i < 3; i++) {
            applyAsGitops();
        }
        assertEquals(before, versions());
        String managers = namespace
                .kubectl()
                .run(
                        "get",
                        "ptj,aserve",
                        "--show-managed-fields",
                        "-o",
                        "jsonpath={range .items[*].metadata.managedFields[?(@.manager!=\"gitops\")]}{.fieldsV1}{\"\\n\"}{end}");
        assertFalse(managers.contains("f:spec"), () -> "Fields of the spec belong to the operator: " + managers);
    }

    private void applyAsGitops() {
        namespace
                .kubectl()
                .feed(
                        MANIFEST.getBytes(StandardCharsets.UTF_8),
                        "apply",
                        "--server-side",
                        "--field-manager=gitops",
                        "-f",
                        "-");
    }

    private Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        namespace
                .kubectl()
                .run(
                        "get",
                        KINDS,
                        "-o",
                        "jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion}{\"\\n\"}{end}")
                .lines()
                .map(line -> line.split(" "))
                .forEach(line -> versions.put(line[0], line[1]));
        return versions;
    }
}
