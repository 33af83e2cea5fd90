package dev.prompttuning.e2e.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.e2e.Installation;
import dev.prompttuning.e2e.OnCluster;
import dev.prompttuning.e2e.TestNamespace;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every limit and rule of both CRDs, on a real API server. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdmissionTest {
    private static final String JOB =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: PromptTuningJob
            metadata: {name: sample}
            spec:
              baseModel: {persistentVolumeClaim: {claimName: absent}}
              method: {promptTuning: {numVirtualTokens: 8}}
              dataset: {train: {persistentVolumeClaim: {claimName: absent}}}
              training: {lerningRate: 1}
              output: {persistentVolumeClaim: {claimName: absent}}
            """;

    private static final String EMPTY =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: PromptTuningJob
            metadata: {name: empty}
            spec: {}
            """;

    private final TestNamespace namespace;

    AdmissionTest(Installation installation) {
        namespace = installation.namespace("admission");
    }

    @AfterAll
    void deleteNamespace() {
        namespace.close();
    }

    static List<AdmissionCase> cases() throws IOException {
        return AdmissionCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void decides(AdmissionCase given) throws IOException {
        new Admission(namespace.client(), namespace.name()).check(given);
    }

    @Test
    void kubectlRefusesAMisspeltField() {
        var ended = namespace.kubectl().attempt(JOB.getBytes(), "apply", "-f", "-");
        assertEquals(1, ended.code());
        assertTrue(ended.err().contains("unknown field \"spec.training.lerningRate\""), ended.err());
    }

    @Test
    void whoDoesNotAskForStrictnessLosesIt() {
        var ended = namespace
                .kubectl()
                .attempt(JOB.getBytes(), "create", "--validate=ignore", "--dry-run=server", "-o", "json", "-f", "-");
        assertEquals(0, ended.code(), ended.err());
        assertFalse(ended.text().contains("lerningRate"), ended.text());
    }

    /** The reference says the same defaults, since it is made of the CRDs. */
    @ParameterizedTest
    @ValueSource(strings = {"PromptTuningJob", "AdapterServe"})
    void defaultsAreThoseOfTheSchema(String kind) throws IOException {
        JsonNode nothing = new ObjectMapper().createObjectNode();
        var asked = new AdmissionCase(kind, "defaults", null, nothing, nothing, "").resource("defaults", nothing);
        var answered = namespace
                .client()
                .resource(asked)
                .inNamespace(namespace.name())
                .dryRun(true)
                .create();
        JsonNode spec = new ObjectMapper().valueToTree(answered).path("spec");
        Map<String, JsonNode> defaults = CrdRules.defaults(kind, spec);
        assertTrue(defaults.size() >= 3, defaults::toString);
        defaults.forEach(
                (path, value) -> assertEquals(value.asText(), spec.at(path).asText(), () -> path + " in " + spec));
    }

    @Test
    void anEmptySpecNamesWhatIsMissing() {
        var ended = namespace.kubectl().attempt(EMPTY.getBytes(), "create", "-f", "-");
        assertEquals(1, ended.code());
        for (String field : List.of("baseModel", "method", "dataset", "output")) {
            assertTrue(ended.err().contains("spec." + field + ": Required value"), ended.err());
        }
    }
}
