package dev.prompttuning.localcluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountPathsTest {

    private static final MountPaths PATHS = MountPaths.of(
            Path.of("/root"),
            new ContainerBuilder()
                    .withName("main")
                    .addNewVolumeMount()
                    .withName("data")
                    .withMountPath("/data/")
                    .endVolumeMount()
                    .build());

    @ParameterizedTest
    @CsvSource({
        "/data, /root/data",
        "/data/x/y, /root/data/x/y",
        "/dev/termination-log, /root/dev/termination-log",
        "/database, /database",
        "/etc/data/x, /etc/data/x",
        "see /data/x, see /data/x",
        "data, data",
    })
    void rewritesWhatIsAMountPathAndNothingElse(String value, String expected) {
        assertEquals(expected, PATHS.rewrite(value));
    }

    @ParameterizedTest
    @CsvSource({
        "$(A)-$(B), 1-2",
        "$$(A), $(A)",
        "$(MISSING), $(MISSING)",
        "$A, $A",
    })
    void expandsReferencesToVariables(String text, String expected) {
        assertEquals(expected, ContainerCommand.expand(text, Map.of("A", "1", "B", "2")));
    }
}
