package dev.prompttuning.localcluster.node;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The images of the tests: {@code sh} runs its argument as a script, {@code web} answers HTTP on port 8080. */
final class NodeTestImages {

    private NodeTestImages() {}

    static Map<String, ImageSpec> create() {
        return Map.of("sh", new ImageSpec(List.of("sh", "-c"), Map.of()), "web", web());
    }

    private static ImageSpec web() {
        try {
            var classes = Path.of(TinyHttpServer.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            var java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
            return new ImageSpec(
                    List.of(
                            java,
                            "-Xmx32m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            classes.toString(),
                            TinyHttpServer.class.getName()),
                    Map.of());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
