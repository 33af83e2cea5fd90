package dev.prompttuning.e2e.admission.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.prompttuning.e2e.admission.Admission;
import dev.prompttuning.e2e.admission.AdmissionCase;
import dev.prompttuning.e2e.admission.CrdRules;
import dev.prompttuning.localcluster.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The embedded API server decides as a real one, in the same words. */
class EmbeddedAdmissionTest {
    private static final Map<String, String> CRDS = Map.of(
            "PromptTuningJob", "prompttuningjobs.prompttuning.dev", "AdapterServe", "adapterserves.prompttuning.dev");

    private static ApiServer server;
    private static KubernetesClient client;

    @BeforeAll
    static void start() throws IOException {
        server = ApiServer.start();
        client = server.client();
        for (String crd : CRDS.values()) {
            Path file = Path.of(System.getProperty("project.root"), "crds", crd + "-v1.yml");
            client.resource(Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class))
                    .create();
        }
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("team-a")
                        .endMetadata()
                        .build())
                .create();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    static List<AdmissionCase> cases() throws IOException {
        return AdmissionCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void decides(AdmissionCase given) throws IOException {
        new Admission(client, "team-a").check(given);
    }

    /** A rule without a case, and a case without its rule, fail. */
    @Test
    void everyRuleHasItsCase() throws IOException {
        for (var crd : CRDS.entrySet()) {
            assertEquals(
                    CrdRules.of(crd.getKey()),
                    AdmissionCase.all().stream()
                            .filter(given -> given.kind().equals(crd.getKey()))
                            .map(AdmissionCase::rule)
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
    }
}
