package dev.prompttuning.e2e.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.prompttuning.e2e.Eventually;
import dev.prompttuning.e2e.Figures;
import dev.prompttuning.e2e.Installation;
import dev.prompttuning.e2e.JobHistory;
import dev.prompttuning.e2e.OnCluster;
import dev.prompttuning.e2e.OperatorMemory;
import dev.prompttuning.e2e.QuickstartFiles;
import dev.prompttuning.e2e.SmallJob;
import dev.prompttuning.e2e.TestNamespace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    /** Jobs that wait are looked at again and again too, or are left alone. */
    private static final List<SmallJob> WAITING = List.of(
            SmallJob.named("suspended").runPolicy("{suspend: true}"),
            SmallJob.named("without-claim").output("nowhere"),
            SmallJob.named("without-volume").output("unbound"));

    private static final String MANIFEST = Stream.concat(
                    Stream.of(SmallJob.named("rest").steps(20)), WAITING.stream())
            .map(SmallJob::yaml)
            .collect(Collectors.joining("---\n", "", "---\n" + SERVE));

    private final Installation installation;
    private TestNamespace namespace;

    AtRestTest(Installation installation) {
        this.installation = installation;
    }

    @BeforeAll
    void trainAndServe() {
        namespace = installation.namespace("rest");
        QuickstartFiles.claims(namespace);
        namespace.claim("unbound", "no-such-class");
        try (JobHistory history = JobHistory.of(namespace, "rest")) {
            applyAsGitops();
            history.awaitPhase("Succeeded", LONG);
        }
        Eventually.get("the server to have its adapter", LONG, () -> Optional.ofNullable(
                        namespace.serve("rest").getStatus())
                .filter(status -> "1/1".equals(status.readyText()) && "1/1".equals(status.adaptersText())));
        Eventually.holds("the scheduler's word on the job without a volume", LONG, () -> Optional.ofNullable(
                        namespace.job("without-volume").getStatus())
                .filter(status -> status.conditions().toString().contains("Unschedulable"))
                .isPresent());
        // The Deployment's controller has its last word a moment later.
        Eventually.pause(Duration.ofSeconds(5));
    }

    @AfterAll
    void deleteNamespace() {
        namespace.close();
    }

    /** The server is asked every 30 seconds, the job without a claim every 15. */
    @Test
    void nothingIsWrittenForThirtySeconds() {
        Figures.line("operator at rest: " + OperatorMemory.of(installation));
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
        versions.put("events", String.valueOf(events()));
        return versions;
    }

    /** How many the operator has told of its resources. */
    private int events() {
        return namespace.eventReasons(namespace.serve("rest")).size()
                + Stream.concat(Stream.of("rest"), WAITING.stream().map(SmallJob::name))
                        .mapToInt(job ->
                                namespace.eventReasons(namespace.job(job)).size())
                        .sum();
    }
}
