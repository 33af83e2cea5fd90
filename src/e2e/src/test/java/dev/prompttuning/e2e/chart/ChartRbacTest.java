package dev.prompttuning.e2e.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The operator may do what it does, and nothing else. */
class ChartRbacTest {
    private static final Set<String> CLUSTER_WIDE = Set.of("ClusterRole", "ClusterRoleBinding");

    static List<Path> cases() throws IOException {
        return ChartCases.valid();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void noWildcardsAndNoSecrets(Path values) throws Exception {
        for (JsonNode role : render(values)) {
            for (JsonNode rule : role.path("rules")) {
                assertFalse(rule.toString().contains("*"), () -> values + " has a wildcard: " + rule);
                assertFalse(rule.has("nonResourceURLs"), rule::toString);
                for (JsonNode resource : rule.path("resources")) {
                    assertFalse(Set.of("secrets", "pods/exec", "roles", "rolebindings")
                            .contains(resource.asText()));
                }
            }
        }
    }

    @Test
    void namedNamespacesNeedNothingClusterWide() throws Exception {
        Set<String> roles = new TreeSet<>();
        for (JsonNode document : render(ChartCases.FOLDER.resolve("in-namespaces.yaml"))) {
            String kind = document.path("kind").asText();
            assertFalse(CLUSTER_WIDE.contains(kind), () -> kind + " in an installation for two namespaces");
            if (kind.equals("Role") || kind.equals("RoleBinding")) {
                roles.add(kind + " in " + document.at("/metadata/namespace").asText());
            }
        }
        assertEquals(
                Set.of("Role in team-a", "Role in team-b", "RoleBinding in team-a", "RoleBinding in team-b"), roles);
    }

    @Test
    void bothScopesAllowTheSame() throws Exception {
        assertEquals(
                rules("ClusterRole", render(Helm.CHART.resolve("values.yaml"))),
                rules("Role", render(ChartCases.FOLDER.resolve("in-namespaces.yaml"))));
    }

    private static JsonNode rules(String kind, List<JsonNode> documents) {
        List<JsonNode> rules = documents.stream()
                .filter(document -> document.path("kind").asText().equals(kind))
                .map(role -> role.path("rules"))
                .distinct()
                .toList();
        assertEquals(1, rules.size());
        assertTrue(rules.get(0).size() > 0);
        return rules.get(0);
    }

    private static List<JsonNode> render(Path values) throws Exception {
        return Rendered.documents(new Helm().template("any", "prompt-tuning", values));
    }
}
