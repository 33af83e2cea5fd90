package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the Events of one component. The same event of the same object is counted, not written again. */
final class EventRecorder {

    private static final System.Logger LOG = System.getLogger(EventRecorder.class.getName());
    private static final int REMEMBERED = 1_000;

    private final KubernetesClient client;
    private final String component;
    private final Map<List<String>, String> written = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, String> eldest) {
            return size() > REMEMBERED;
        }
    };

    EventRecorder(KubernetesClient client, String component) {
        this.client = client;
        this.component = component;
    }

    void normal(HasMetadata about, String reason, String message) {
        record(about, "Normal", reason, message);
    }

    void warning(HasMetadata about, String reason, String message) {
        record(about, "Warning", reason, message);
    }

    private synchronized void record(HasMetadata about, String type, String reason, String message) {
        var key = List.of(String.valueOf(about.getMetadata().getUid()), reason, message);
        try {
            if (!repeat(about, written.get(key))) {
                written.put(key, create(about, type, reason, message));
            }
        } catch (KubernetesClientException e) {
            // An event is a comment: what it comments on must go on without it.
            LOG.log(Level.DEBUG, "event {0} not written: {1}", reason, e.getMessage());
        }
    }

    private boolean repeat(HasMetadata about, String name) {
        if (name == null) {
            return false;
        }
        var event = client.v1()
                .events()
                .inNamespace(about.getMetadata().getNamespace())
                .withName(name);
        if (event.get() == null) {
            return false;
        }
        Edits.edit(event, old -> new EventBuilder(old)
                .withCount(old.getCount() == null ? 2 : old.getCount() + 1)
                .withLastTimestamp(Timestamps.now())
                .build());
        return true;
    }

    private String create(HasMetadata about, String type, String reason, String message) {
        var metadata = about.getMetadata();
        var now = Timestamps.now();
        var event = new EventBuilder()
                .withNewMetadata()
                .withName(metadata.getName() + "." + Long.toHexString(System.nanoTime()))
                .withNamespace(metadata.getNamespace())
                .endMetadata()
                .withInvolvedObject(new ObjectReferenceBuilder()
                        .withApiVersion(about.getApiVersion())
                        .withKind(about.getKind())
                        .withName(metadata.getName())
                        .withNamespace(metadata.getNamespace())
                        .withUid(metadata.getUid())
                        .build())
                .withType(type)
                .withReason(reason)
                .withMessage(message)
                .withCount(1)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withNewSource()
                .withComponent(component)
                .endSource()
                .withReportingComponent(component)
                .build();
        client.v1()
                .events()
                .inNamespace(metadata.getNamespace())
                .resource(event)
                .create();
        return event.getMetadata().getName();
    }
}
