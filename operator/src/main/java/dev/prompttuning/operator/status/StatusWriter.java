package dev.prompttuning.operator.status;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import java.net.HttpURLConnection;

/** Writes the status of a resource. */
public final class StatusWriter {
    private StatusWriter() {}

    /**
     * Writes it by server-side apply, and makes the next round see it: who saw the state before would tell everything again. A
     * resource that was deleted meanwhile needs no status.
     *
     * @param patch the resource's name, namespace and status, and nothing else
     */
    public static <R extends HasMetadata> void write(R resource, R patch, Context<R> context) {
        try {
            PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(resource, patch, context);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }
}
