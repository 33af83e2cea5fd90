package dev.prompttuning.e2e.chart;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program {@code helm}, and the chart. */
final class Helm {
    static final Path CHART = Path.of(System.getProperty("project.root"), "charts", "prompt-tuning-operator");
    /** What templates are rendered for; {@code helm} itself may have been built for an older one. */
    private static final String KUBERNETES = "1.34.0";

    private final Program helm = new Program("helm", "helm.sh/helm/v3/cmd/helm@v3.22.0");

    String lint(Path values) throws IOException, InterruptedException {
        return helm.output(
                "lint", "--strict", "--kube-version", KUBERNETES, "--values", values.toString(), CHART.toString());
    }

    /** Everything but the CRDs and the notes, as YAML documents. */
    String template(String release, String namespace, Path values) throws IOException, InterruptedException {
        return helm.output(templateArguments(release, namespace, values));
    }

    /** The same, when it may be refused. */
    Program.Result tryTemplate(Path values) throws IOException, InterruptedException {
        return helm.run(templateArguments("wrong", "default", values));
    }

    private static String[] templateArguments(String release, String namespace, Path values) {
        return new String[] {
            "template",
            release,
            CHART.toString(),
            "--namespace",
            namespace,
            "--kube-version",
            KUBERNETES,
            "--values",
            values.toString()
        };
    }

    /** A packed chart in {@code folder}. */
    void pack(Path folder) throws IOException, InterruptedException {
        helm.output("package", CHART.toString(), "--destination", folder.toString());
    }

    /** The CRDs of a chart, packed or not. */
    String crds(Path chart) throws IOException, InterruptedException {
        return helm.output("show", "crds", chart.toString());
    }

    /** {@code helm install}, with the notes as its answer once everything is ready. */
    String install(String release, String namespace, List<String> settings) throws IOException, InterruptedException {
        return helm.output(waiting("install", release, namespace, settings));
    }

    String upgrade(String release, String namespace, List<String> settings) throws IOException, InterruptedException {
        return helm.output(waiting("upgrade", release, namespace, settings));
    }

    /** What an installed release consists of, as YAML documents. */
    String manifest(String release, String namespace) throws IOException, InterruptedException {
        return helm.output("get", "manifest", release, "--namespace", namespace);
    }

    void uninstall(String release, String namespace) throws IOException, InterruptedException {
        helm.output("uninstall", release, "--namespace", namespace, "--wait", "--ignore-not-found");
    }

    private static String[] waiting(String command, String release, String namespace, List<String> settings) {
        List<String> arguments = new ArrayList<>(
                List.of(command, release, CHART.toString(), "--namespace", namespace, "--wait", "--timeout", "3m"));
        for (String setting : settings) {
            arguments.add("--set");
            arguments.add(setting);
        }
        return arguments.toArray(String[]::new);
    }
}
