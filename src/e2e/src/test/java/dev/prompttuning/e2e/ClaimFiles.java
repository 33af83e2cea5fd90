package dev.prompttuning.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The files on claims, by way of a pod that mounts each at {@code /claims/NAME}; closing deletes the pod. */
public final class ClaimFiles implements AutoCloseable {
    private static final String POD = "files";
    private static final long USER = 10001;

    private final TestNamespace namespace;

    private ClaimFiles(TestNamespace namespace) {
        this.namespace = namespace;
    }

    static ClaimFiles open(TestNamespace namespace, List<String> claims) {
        namespace.client().resource(pod(namespace.name(), claims)).create();
        var pod = namespace.client().pods().inNamespace(namespace.name()).withName(POD);
        Eventually.get(
                "the pod that mounts " + claims,
                Duration.ofMinutes(2),
                () -> Optional.of(pod.get())
                        .filter(found -> "Running".equals(found.getStatus().getPhase())),
                () -> namespace.kubectl().run("describe", "pod", POD));
        return new ClaimFiles(namespace);
    }

    private static Pod pod(String namespace, List<String> claims) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(POD)
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .withTerminationGracePeriodSeconds(0L)
                .withAutomountServiceAccountToken(false)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withFsGroup(USER)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withVolumes(claims.stream().map(ClaimFiles::volume).toList())
                .addNewContainer()
                .withName(POD)
                .withImage(Installation.trainerImage())
                .withImagePullPolicy("IfNotPresent")
                .withCommand("sleep", "3600")
                .withNewResources()
                .withRequests(Map.of("cpu", new Quantity("10m"), "memory", new Quantity("16Mi")))
                .endResources()
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withVolumeMounts(claims.stream().map(ClaimFiles::mount).toList())
                .endContainer()
                .endSpec()
                .build();
    }

    private static Volume volume(String claim) {
        return new VolumeBuilder()
                .withName(claim)
                .withNewPersistentVolumeClaim(claim, null)
                .build();
    }

    private static VolumeMount mount(String claim) {
        return new VolumeMountBuilder()
                .withName(claim)
                .withMountPath("/claims/" + claim)
                .build();
    }

    /** Copies a folder of this machine to a path {@code claim/folder}. */
    public void copy(Path folder, String target) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                write(target + "/" + folder.relativize(file), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void write(String path, String text) {
        write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** @param path {@code claim/file} */
    public void write(String path, byte[] content) {
        String file = "/claims/" + path;
        shell(content, "mkdir -p \"$(dirname '" + file + "')\" && cat > '" + file + "'");
        if (size(path) != content.length) {
            throw new AssertionError(path + " has " + size(path) + " bytes after writing " + content.length + ".");
        }
    }

    private long size(String path) {
        return Long.parseLong(shell("stat -c %s '/claims/" + path + "'").strip());
    }

    /** @param path {@code claim/file} */
    public byte[] read(String path) {
        return shell(new byte[0], "cat '/claims/" + path + "'");
    }

    /** The files below {@code claim} or {@code claim/folder}, hidden ones too, sorted, relative to it. */
    public List<String> list(String path) {
        return shell("cd '/claims/" + path + "' && find . -type f | sort")
                .lines()
                .map(line -> line.substring(2))
                .toList();
    }

    /** Runs a line of shell in the pod. */
    public String shell(String line) {
        return new String(shell(new byte[0], line), StandardCharsets.UTF_8);
    }

    private byte[] shell(byte[] input, String line) {
        return namespace
                .kubectl()
                .feed(input, "exec", "-i", POD, "--", "sh", "-c", line)
                .out();
    }

    @Override
    public void close() {
        var pod = namespace.client().pods().inNamespace(namespace.name()).withName(POD);
        pod.withGracePeriod(0).delete();
        Eventually.holds("the pod of the files to go", Duration.ofMinutes(1), () -> pod.get() == null);
    }
}
