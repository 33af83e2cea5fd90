package dev.prompttuning.quickstart.tour;

import dev.prompttuning.api.serving.AdapterServe;
import dev.prompttuning.api.serving.AdapterServeStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;

/** An AdapterServe as it goes on: its conditions as they change. */
final class ServingView {
    private static final List<String> WANTED = List.of("Available", "AdaptersLoaded");

    private final KubernetesClient client;
    private final Screen screen;
    private final String name;
    private final ConditionLog conditions;

    ServingView(KubernetesClient client, Screen screen, String name) {
        this.client = client;
        this.screen = screen;
        this.name = name;
        this.conditions = new ConditionLog("AdapterServe " + name);
    }

    /**
     * Shows what is new.
     *
     * @return whether it answers with all its adapters
     * @throws StepFailedException when it never will
     */
    boolean look() {
        AdapterServeStatus status = serve().getStatus();
        if (status == null || status.conditions() == null) {
            return false;
        }
        conditions.changes(status.conditions()).forEach(screen::event);
        status.conditions().stream()
                .filter(condition -> List.of("InvalidSpec", "SomeFailed").contains(condition.getReason()))
                .findFirst()
                .ifPresent(condition -> {
                    throw new StepFailedException(
                            "The serving failed (" + condition.getReason() + "): " + condition.getMessage());
                });
        return status.conditions().stream()
                        .filter(condition ->
                                WANTED.contains(condition.getType()) && "True".equals(condition.getStatus()))
                        .count()
                == WANTED.size();
    }

    /** The server as it is now. */
    AdapterServe serve() {
        return client.resources(AdapterServe.class)
                .inNamespace(QuickstartCluster.NAMESPACE)
                .withName(name)
                .get();
    }
}
