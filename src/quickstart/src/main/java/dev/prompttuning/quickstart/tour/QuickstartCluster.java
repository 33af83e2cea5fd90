package dev.prompttuning.quickstart.tour;

import dev.prompttuning.localcluster.LocalCluster;
import dev.prompttuning.localcluster.node.ImageSpec;
import dev.prompttuning.localcluster.node.NodeOptions;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The cluster in this JVM, with the project's two applications in place of their images. */
final class QuickstartCluster implements AutoCloseable {
    static final String NAMESPACE = "default";
    static final String OPERATOR_NAMESPACE = "prompt-tuning";
    static final String OPERATOR = "prompt-tuning-operator";

    private final Project project;
    private final LocalCluster cluster;

    private QuickstartCluster(Project project, LocalCluster cluster) {
        this.project = project;
        this.cluster = cluster;
    }

    static QuickstartCluster start(Project project) {
        var options = new NodeOptions(project.cluster(), images(project));
        return new QuickstartCluster(project, LocalCluster.start(options));
    }

    private static Map<String, ImageSpec> images(Project project) {
        Path javaHome = Path.of(System.getProperty("java.home"));
        String java = javaHome.resolve("bin/java").toString();
        // The operator's own client finds the cluster as kubectl does.
        var operator = new ImageSpec(
                List.of(
                        java,
                        "-XX:+UseSerialGC",
                        "-Xmx192m",
                        "-jar",
                        project.operator().toString()),
                Map.of("KUBECONFIG", project.cluster().resolve("kubeconfig").toString()));
        var trainer = new ImageSpec(List.of(project.trainer().toString()), Map.of("JAVA_HOME", javaHome.toString()));
        return Map.of(
                "ghcr.io/prompttuning/operator:0.1.0", operator, "ghcr.io/prompttuning/trainer:0.1.0-cpu", trainer);
    }

    /** Applies the CRDs, the operator and the claims. */
    void install() throws IOException {
        for (Path crd : project.crds()) {
            Resources.of(crd).apply(client());
        }
        Files.createDirectories(project.adapters());
        Resources.of(
                        "cluster.yaml",
                        Map.of(
                                "data",
                                project.data().toString(),
                                "adapters",
                                project.adapters().toString()))
                .apply(client());
    }

    boolean operatorReady() {
        var deployment = client().apps()
                .deployments()
                .inNamespace(OPERATOR_NAMESPACE)
                .withName(OPERATOR)
                .get();
        Integer ready = deployment == null || deployment.getStatus() == null
                ? null
                : deployment.getStatus().getReadyReplicas();
        return ready != null && ready > 0;
    }

    KubernetesClient client() {
        return cluster.client();
    }

    /** Where kubectl finds the cluster. */
    Path kubeconfig() {
        return cluster.kubeconfig();
    }

    String apiServer() {
        return cluster.apiServer().url();
    }

    /** Where a Service answers on this machine. */
    String url(String service) {
        return cluster.url(NAMESPACE, service);
    }

    @Override
    public void close() {
        cluster.close();
    }
}
