package dev.prompttuning.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The chart on the cluster that KUBECONFIG names, watching all namespaces. With the system property {@code e2e.installed} it is
 * taken as found there and left as it is, as someone wants it who works on the operator.
 */
public final class Installation implements AutoCloseable {
    public static final String NAMESPACE = "ptj-system";
    private static final String RELEASE = "prompt-tuning-operator";

    private final boolean found = Boolean.getBoolean("e2e.installed");
    private final Program helm = new Program("helm");
    private final KubernetesClient client = new KubernetesClientBuilder().build();

    /** Installs, and waits until the operator is ready. */
    public static Installation start() {
        Installation installation = new Installation();
        Figures.line("--- " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ", Kubernetes "
                + installation.client.getKubernetesVersion().getGitVersion());
        if (!installation.found) {
            installation.install();
        }
        installation.awaitOperator();
        return installation;
    }

    private Installation() {}

    private void install() {
        Path chart = Path.of(System.getProperty("project.root"), "charts", RELEASE);
        List<String> command = new ArrayList<>(List.of(
                "upgrade",
                "--install",
                RELEASE,
                chart.toString(),
                "--namespace",
                NAMESPACE,
                "--create-namespace",
                "--wait",
                "--timeout",
                "5m"));
        int tag = operatorImage().lastIndexOf(':');
        set(command, "image.repository", operatorImage().substring(0, tag));
        set(command, "image.tag", operatorImage().substring(tag + 1));
        set(command, "trainer.cpu", trainerImage());
        set(command, "gpu.nodeSelector.e2e-gpu", "fake");
        set(command, "gpu.runtimeClassName", "e2e-gpu");
        helm.run(command.toArray(String[]::new));
    }

    private static void set(List<String> command, String value, String text) {
        command.add("--set-string");
        command.add(value + "=" + text);
    }

    /** The image that the chart's Deployment runs. */
    public static String operatorImage() {
        return System.getProperty("e2e.operatorImage");
    }

    /** The image of the pods that train and serve; helper pods of tests use it too. */
    public static String trainerImage() {
        return System.getProperty("e2e.trainerImage");
    }

    public KubernetesClient client() {
        return client;
    }

    /** kubectl in a namespace. */
    public static Program kubectl(String namespace) {
        return new Program("kubectl", "--namespace", namespace);
    }

    /** The operator's pod that is ready, once there is one. */
    public Pod awaitOperator() {
        return Eventually.get("the operator to be ready", Duration.ofMinutes(3), () -> operatorPod()
                .filter(Installation::ready));
    }

    /** The operator's pod, ready or not. */
    public Optional<Pod> operatorPod() {
        return client
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel("app.kubernetes.io/name", RELEASE)
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .findFirst();
    }

    private static boolean ready(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(condition -> "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    /** A namespace of a test's own, under Pod Security "restricted". */
    public TestNamespace namespace(String purpose) {
        return TestNamespace.create(client, purpose);
    }

    @Override
    public void close() {
        if (!found) {
            helm.run("uninstall", RELEASE, "--namespace", NAMESPACE, "--wait");
        }
        client.close();
    }
}
