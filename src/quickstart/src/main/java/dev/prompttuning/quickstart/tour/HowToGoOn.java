package dev.prompttuning.quickstart.tour;

import java.nio.file.Path;
import java.util.List;

/**
 * Commands to type after the tour.
 *
 * @param adapter the tuned adapter's name
 * @param prompt a question to ask it
 */
record HowToGoOn(Project project, String adapter, String prompt) {

    /** While the cluster is up. */
    List<String> whileUp(Path kubeconfig, String url, String serve) {
        String body = CompletionsClient.request(adapter, prompt, 8).toString();
        return List.of(
                "  export KUBECONFIG=" + quoted(kubeconfig.toString()),
                "  kubectl get ptj,aserve,pods",
                "  kubectl describe ptj " + adapter,
                "  kubectl logs -f deployment/" + serve,
                "  kubectl scale aserve " + serve + " --replicas=2",
                "  kubectl explain ptj.spec.method",
                "",
                "  curl " + url + "/v1/models",
                "  curl " + url + "/v1/completions -H 'Content-Type: application/json' \\",
                "    -d " + quoted(body));
    }

    /** When the cluster is gone. */
    List<String> after() {
        return List.of(
                "  ./quickstart --keep     the same, but the cluster stays up for kubectl and curl",
                "",
                "  The adapter is in " + project.relative(project.adapters().resolve(adapter))
                        + ", in PEFT's format. Without a cluster:",
                "  trainer-image/bin/trainer generate --model examples/quickstart/model \\",
                "    --adapter " + project.relative(project.adapters().resolve(adapter)) + " \\",
                "    \"$(printf "
                        + quoted(prompt.replace("\\", "\\\\").replace("%", "%%").replace("\n", "\\n")) + ")\"");
    }

    /** One word for a shell. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
