package dev.prompttuning.localcluster.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people type, with the real kubectl where there is one on the PATH. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class KubectlTest {
    @TempDir
    Path folder;

    private ApiServer server;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        boolean present = List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                .anyMatch(each -> Files.isExecutable(Path.of(each, "kubectl")));
        assumeTrue(present, "no kubectl on the PATH");
        server = ApiServer.start();
        file("log", "first\nlast\n");
        server.podLogs(new PodLogs() {
            @Override
            public Path file(String podUid, boolean previous) {
                return folder.resolve("log");
            }

            @Override
            public boolean grows(Path file) {
                return false;
            }
        });
        server.kubeconfig(folder.resolve("kubeconfig"));
        file("widgets.yaml", Http.resource("widgets.yaml"));
        assertEquals(
                "customresourcedefinition.apiextensions.k8s.io/widgets.test.dev created",
                kubectl("apply -f widgets.yaml"));
        kubectl("wait --for=condition=established --timeout=60s crd/widgets.test.dev");
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private void widget(String spec) throws IOException {
        file("w.yaml", "{apiVersion: test.dev/v1, kind: Widget, metadata: {name: w}, spec: {" + spec + "}}");
    }

    private String kubectl(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kubectl", "--kubeconfig", "kubeconfig"));
        command.addAll(List.of(arguments.split(" ")));
        Path output = Files.createTempFile(folder, "kubectl", ".out");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("HOME", folder.toString());
        builder.environment().remove("KUBECONFIG");
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(90, TimeUnit.SECONDS), arguments);
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output, StandardCharsets.UTF_8).strip();
    }

    @Test
    void appliesGetsExplainsAndDeletesACustomResource() throws Exception {
        widget("color: red");
        assertEquals("widget.test.dev/w created", kubectl("apply -f w.yaml"));
        assertEquals("widget.test.dev/w unchanged", kubectl("apply -f w.yaml"));
        widget("color: red, size: 5");
        assertEquals("widget.test.dev/w configured", kubectl("apply -f w.yaml"));
        assertTrue(kubectl("get wd").matches("(?s)NAME +COLOR +READY +AGE\\s+w +red .*"), kubectl("get wd"));
        assertTrue(kubectl("explain wd.spec").contains("What the widget shall be."));
        assertTrue(kubectl("describe wd w").contains("Size:"));
        assertEquals("widget.test.dev/w scaled", kubectl("scale wd/w --replicas=2"));
        assertEquals("2", kubectl("get wd w -o jsonpath={.spec.replicas}"));
        assertEquals("widget.test.dev/w patched", kubectl("patch wd w --type=merge -p {\"spec\":{\"size\":6}}"));
        assertEquals(
                "widget.test.dev/w patched",
                kubectl("patch wd w --subresource=status --type=merge"
                        + " -p {\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}"));
        assertEquals("widget.test.dev/w condition met", kubectl("wait --for=condition=Ready --timeout=60s wd/w"));
        assertTrue(kubectl("delete wd w").startsWith("widget.test.dev \"w\" deleted"));
    }

    @Test
    void namesWhatIsWrongInASpec() throws Exception {
        widget("color: blue");
        String refused = kubectl("apply -f w.yaml");
        assertTrue(
                refused.contains("spec.color: Unsupported value: \"blue\": supported values: \"red\", \"green\""),
                refused);
        widget("color: red, colour: red");
        String unknown = kubectl("apply -f w.yaml");
        assertTrue(unknown.contains("unknown field \"spec.colour\""), unknown);
        file("x.yaml", "{apiVersion: none.dev/v1, kind: Nothing, metadata: {name: x}}");
        assertTrue(kubectl("apply -f x.yaml").contains("ensure CRDs are installed first"));
    }

    @Test
    void appliesBuiltinsOnBothSidesAndReadsLogs() throws Exception {
        file(
                "p.yaml",
                "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: i, ports: [{containerPort: 80}]}]}}");
        assertEquals("pod/p created", kubectl("apply -f p.yaml"));
        assertEquals("pod/p unchanged", kubectl("apply -f p.yaml"));
        assertEquals("pod/p serverside-applied", kubectl("apply --server-side --field-manager=other -f p.yaml"));
        assertEquals("first\nlast", kubectl("logs -f p"));
        assertEquals("last", kubectl("logs --tail=1 p"));
        assertTrue(kubectl("get po").contains("Pending"));
        assertTrue(kubectl("describe po p").contains("Port:"));
        assertTrue(kubectl("delete po p").startsWith("pod \"p\" deleted"));
    }

    @Test
    void watchesTables() throws Exception {
        String watched = kubectl("get ns -w --request-timeout=2s");
        assertTrue(watched.contains("STATUS") && watched.contains("default"), watched);
    }
}
