package dev.prompttuning.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/** Tells of every condition that changed: one Event, one line in the log, one count. */
@Singleton
public class Transitions {
    private static final Logger LOG = Logger.getLogger(Transitions.class);
    private static final Set<String> WARNINGS = Set.of("Failed");
    /** Conditions whose False is the news; the False of others is only the state before. */
    private static final Set<String> MUST_BE_TRUE = Set.of("Accepted");

    private final KubernetesClient client;
    private final MeterRegistry metrics;
    private final Clock clock;

    public Transitions(KubernetesClient client, MeterRegistry metrics, Clock clock) {
        this.client = client;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Compares two lists of conditions; the labels of the count are the namespace, the condition and its reason. */
    public void tell(HasMetadata resource, String metric, List<Condition> before, List<Condition> now) {
        for (Condition condition : now) {
            boolean isTrue = "True".equals(condition.getStatus());
            boolean news = isTrue || MUST_BE_TRUE.contains(condition.getType());
            if (news && changed(before, condition)) {
                tell(resource, metric, condition, isTrue);
            }
        }
    }

    private static boolean changed(List<Condition> before, Condition condition) {
        return Conditions.find(before, condition.getType())
                .filter(old -> old.getStatus().equals(condition.getStatus())
                        && old.getReason().equals(condition.getReason()))
                .isEmpty();
    }

    private void tell(HasMetadata resource, String metric, Condition condition, boolean isTrue) {
        boolean warning = WARNINGS.contains(condition.getType()) == isTrue;
        String namespace = resource.getMetadata().getNamespace();
        LOG.infof(
                "%s=%s %s: %s namespace=%s name=%s",
                condition.getType(),
                condition.getStatus(),
                condition.getReason(),
                condition.getMessage(),
                namespace,
                resource.getMetadata().getName());
        metrics.counter(
                        metric,
                        "namespace",
                        namespace,
                        "condition",
                        condition.getType(),
                        "status",
                        condition.getStatus(),
                        "reason",
                        condition.getReason())
                .increment();
        publish(resource, condition, warning);
    }

    /** A namespace that ends takes no events any more, and nobody would read them. */
    private void publish(HasMetadata resource, Condition condition, boolean warning) {
        try {
            client.resource(event(resource, condition, warning)).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
            LOG.warnf(
                    "The event %s is not told: %s",
                    condition.getReason(), e.getStatus().getMessage());
        }
    }

    private Event event(HasMetadata resource, Condition condition, boolean warning) {
        String namespace = resource.getMetadata().getNamespace();
        String time = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        return new EventBuilder()
                .withNewMetadata()
                .withGenerateName(resource.getMetadata().getName() + ".")
                .withNamespace(namespace)
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(resource.getApiVersion())
                .withKind(resource.getKind())
                .withName(resource.getMetadata().getName())
                .withNamespace(namespace)
                .withUid(resource.getMetadata().getUid())
                .endInvolvedObject()
                .withType(warning ? "Warning" : "Normal")
                .withReason(condition.getReason())
                .withMessage(condition.getMessage())
                .withFirstTimestamp(time)
                .withLastTimestamp(time)
                .withCount(1)
                .withReportingComponent("prompt-tuning-operator")
                .withNewSource("prompt-tuning-operator", null)
                .build();
    }
}
