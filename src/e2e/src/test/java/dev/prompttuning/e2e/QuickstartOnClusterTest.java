package dev.prompttuning.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.api.serving.AdapterServeStatus;
import dev.prompttuning.api.tuning.PromptTuningJobStatus;
import dev.prompttuning.e2e.QuickstartFiles.Question;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example as a user runs it, from {@code kubectl apply} to the tuned answer and back to nothing. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class QuickstartOnClusterTest {
    private static final Duration LONG = Duration.ofMinutes(4);
    private static final Pattern ROW = Pattern.compile(
            "departments\\s+Running\\s+PromptTuning\\s+\\d+%\\s+\\d+\\.\\d{4}\\s+(\\d+m)?\\d+s\\s+\\d+\\S*");
    private static final Question QUESTION = QuickstartFiles.questions().get(0);

    private final Installation installation;
    private TestNamespace namespace;

    QuickstartOnClusterTest(Installation installation) {
        this.installation = installation;
    }

    @BeforeAll
    void fillClaims() {
        namespace = installation.namespace("quickstart");
        QuickstartFiles.claims(namespace);
    }

    @AfterAll
    void deleteNamespace() {
        namespace.close();
    }

    @Test
    @Order(1)
    void theJobShowsItsWayFromPendingToSucceeded() {
        try (JobHistory history = JobHistory.of(namespace, "departments")) {
            long applied = System.nanoTime();
            namespace.kubectl().run("apply", "-f", QuickstartFiles.manifest().toString());
            history.awaitPhase("Running", LONG);
            Figures.record("from apply to the trainer's start", (System.nanoTime() - applied) / 1e9, "s");
            String row = awaitRow();
            history.awaitPhase("Succeeded", LONG);
            Figures.record("from apply to the adapter", (System.nanoTime() - applied) / 1e9, "s");
            Figures.line("kubectl get ptj: " + row);

            assertEquals(List.of("Pending", "Running", "Succeeded"), history.phases());
            assertEquals(
                    List.of("Accepted=True Accepted", "Running=True Training", "Complete=True AdapterWritten"),
                    history.transitions().stream()
                            .filter(transition -> transition.contains("=True "))
                            .toList());
            assertTrue(history.transitions().contains("Running=False Finished"));
            List<Integer> steps = history.steps();
            assertEquals(steps.stream().sorted().toList(), steps, "steps only grow");
            assertTrue(steps.get(0) < 100, () -> "progress is seen while it runs: " + steps);
            assertEquals(100, steps.get(steps.size() - 1));
        }
        assertEquals(
                List.of("Accepted", "Training", "AdapterWritten"),
                namespace.eventReasons(namespace.job("departments")));
    }

    private String awaitRow() {
        return Eventually.get("percent, loss and time left in kubectl get ptj", LONG, () -> Optional.of(namespace
                        .kubectl()
                        .run("get", "ptj", "departments", "--no-headers")
                        .strip())
                .filter(ROW.asMatchPredicate()));
    }

    @Test
    @Order(2)
    void theAdapterLiesOnTheClaimWithTheDigestOfTheStatus() {
        PromptTuningJobStatus status = namespace.job("departments").getStatus();
        assertEquals("departments", status.adapter().path());
        assertEquals(16, status.adapter().numVirtualTokens());
        assertTrue(status.metrics().get("exactMatch") > 0.9, () -> "metrics: " + status.metrics());
        Adapters.assertOnClaim(namespace, status.adapter());
    }

    @Test
    @Order(3)
    void theServerAnswersThroughItsServiceAsItWasTuned() {
        awaitServe(
                "available with its adapter",
                status -> "1/1".equals(status.readyText()) && "1/1".equals(status.adaptersText()));
        try (ServiceClient shop = ServiceClient.of(namespace.name(), "shop")) {
            for (Question question : QuickstartFiles.questions()) {
                assertEquals(question.completion(), shop.complete("departments", question.prompt()));
                assertEquals(
                        question.completion(),
                        String.join("", shop.streamedCompletion("departments", question.prompt())));
            }
            assertNotEquals(QUESTION.completion(), shop.complete(base(shop), QUESTION.prompt()));
        }
    }

    @Test
    @Order(4)
    void aSecondJobsAdapterJoinsAndAnswersChatsWholeAndStreamed() {
        String pod = serverPods().get(0);
        namespace.apply(SmallJob.named("chat").chat().steps(100).yaml());
        namespace
                .kubectl()
                .run(
                        "patch",
                        "aserve",
                        "shop",
                        "--type=merge",
                        "-p",
                        "{\"spec\":{\"adapterSelector\":{\"matchLabels\":{\"purpose\":\"e2e\"}}}}");
        awaitServe("loaded with both adapters", status -> "2/2".equals(status.adaptersText()));

        try (ServiceClient shop = ServiceClient.of(namespace.name(), "shop")) {
            String expected = QUESTION.completion().strip();
            assertEquals(expected, shop.chat("chat", QUESTION.prompt()).strip());
            List<String> pieces = shop.streamedChat("chat", QUESTION.prompt());
            assertEquals(expected, String.join("", pieces).strip());
            assertNotEquals(expected, shop.chat(base(shop), QUESTION.prompt()).strip());
            assertEquals(QUESTION.completion(), shop.complete("departments", QUESTION.prompt()));
        }
        assertEquals(List.of(pod), serverPods(), "the server was not restarted for it");
    }

    @Test
    @Order(5)
    void aPodReachesTheServiceAtItsClusterAddress() {
        String address = namespace
                .client()
                .services()
                .inNamespace(namespace.name())
                .withName("shop")
                .get()
                .getSpec()
                .getClusterIP();
        try (ClaimFiles pod = namespace.files("adapters")) {
            String answer = pod.shell("exec bash -c 'exec 3<>/dev/tcp/" + address
                    + "/80; printf \"GET /v1/models HTTP/1.0\\r\\n\\r\\n\" >&3; cat <&3'");
            assertTrue(answer.contains("\"departments\""), answer);
        }
    }

    @Test
    @Order(6)
    void kubectlScaleChangesThePods() {
        namespace.kubectl().run("scale", "aserve", "shop", "--replicas=2");
        awaitServe(
                "scaled to two",
                status -> "2/2".equals(status.readyText())
                        && status.adapters().stream().allMatch(adapter -> adapter.readyPods() == 2));
        namespace.kubectl().run("scale", "aserve", "shop", "--replicas=1");
        awaitServe("scaled to one", status -> "1/1".equals(status.readyText()) && status.replicas() == 1);
        Figures.line("operator at work: " + OperatorMemory.of(installation));
    }

    @Test
    @Order(7)
    void prometheusFindsTheOperatorByItsService() {
        String metrics = Installation.kubectl(Installation.NAMESPACE)
                .run(
                        "get",
                        "--raw",
                        "/api/v1/namespaces/" + Installation.NAMESPACE
                                + "/services/http:prompt-tuning-operator-metrics:http/proxy/metrics");
        assertTrue(
                metrics.lines()
                        .anyMatch(line -> line.startsWith("prompttuning_job_transitions_total{")
                                && line.contains("\"" + namespace.name() + "\"")
                                && line.contains("AdapterWritten")),
                metrics);
    }

    @Test
    @Order(8)
    void deletingEverythingLeavesOnlyTheClaims() {
        namespace.kubectl().run("delete", "-f", QuickstartFiles.manifest().toString());
        namespace.kubectl().run("delete", "ptj", "chat");
        for (String kind : List.of("jobs", "deployments", "pods", "services", "configmaps", "replicasets")) {
            Eventually.holds(kind + " to be gone", Duration.ofMinutes(1), () -> ours(kind)
                    .isEmpty());
        }
        assertEquals(
                "persistentvolumeclaim/adapters\npersistentvolumeclaim/quickstart",
                namespace.kubectl().run("get", "pvc", "-o", "name").strip());
        try (ClaimFiles files = namespace.files("adapters")) {
            assertTrue(files.list("adapters").contains("departments/adapter_model.safetensors"));
            assertFalse(
                    files.list("adapters").stream().anyMatch(file -> file.startsWith(".")),
                    "nothing is left half done");
        }
    }

    private String ours(String kind) {
        return namespace
                .kubectl()
                .run("get", kind, "-l", "app.kubernetes.io/managed-by=prompt-tuning-operator", "-o", "name")
                .strip();
    }

    private List<String> serverPods() {
        return namespace.pods("shop").stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(Pod::getMetadata)
                .map(ObjectMeta::getName)
                .toList();
    }

    private static String base(ServiceClient server) {
        return server.models().stream()
                .filter(model -> model.contains("quickstart"))
                .findFirst()
                .orElseThrow();
    }

    private AdapterServeStatus awaitServe(String what, Predicate<AdapterServeStatus> wanted) {
        return Eventually.get(
                "the server to be " + what,
                LONG,
                () -> Optional.ofNullable(namespace.serve("shop").getStatus()).filter(wanted),
                () -> "Its status is " + namespace.serve("shop").getStatus());
    }
}
