package dev.prompttuning.e2e.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.List;

/** Puts a case to an API server. */
public record Admission(KubernetesClient client, String namespace) {

    /** The valid spec is admitted, the invalid one refused with the case's message. */
    public void check(AdmissionCase given) throws IOException {
        if (given.before() == null) {
            submit(given, "case", given.valid());
            refused(given, "case");
            return;
        }
        GenericKubernetesResource before = given.resource("before", given.before());
        var there = client.resource(before).inNamespace(namespace);
        there.create();
        try {
            client.resource(given.resource("before", given.valid()))
                    .inNamespace(namespace)
                    .patch();
            refused(given, "before");
        } finally {
            there.delete();
        }
    }

    private void submit(AdmissionCase given, String name, JsonNode change) throws IOException {
        client.resource(given.resource(name, change))
                .inNamespace(namespace)
                .dryRun(true)
                .create();
    }

    private void refused(AdmissionCase given, String name) throws IOException {
        var resource = client.resource(given.resource(name, given.invalid())).inNamespace(namespace);
        var refused = assertThrows(
                KubernetesClientException.class,
                () -> {
                    if (given.before() == null) {
                        resource.dryRun(true).create();
                    } else {
                        resource.patch();
                    }
                },
                () -> given + " is admitted");
        assertEquals(422, refused.getCode(), refused.getMessage());
        List<String> messages = refused.getStatus().getDetails().getCauses().stream()
                .map(Admission::line)
                .toList();
        assertTrue(
                messages.contains(given.message()),
                () -> given + "\nexpected: " + given.message() + "\nfound: " + messages);
    }

    private static String line(StatusCause cause) {
        return cause.getField() + ": " + cause.getMessage();
    }
}
