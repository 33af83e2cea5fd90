package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedInformerFactory;
import io.vertx.core.Vertx;
import java.io.IOException;

/** The node and all controllers, running from {@link #start} to {@link #close}. */
public final class LocalClusterNode implements AutoCloseable {

    private final SharedInformerFactory informers;
    private final ChildProcesses children = new ChildProcesses();
    private final NodeThread thread = new NodeThread();

    private LocalClusterNode(SharedInformerFactory informers) {
        this.informers = informers;
    }

    /**
     * Registers the node with a new API server and starts to look after what comes.
     *
     * @param client stays the caller's to close, after the node
     * @param vertx runs the proxies of Services; the caller's as well
     * @param logs where the pods' logs go
     */
    public static LocalClusterNode start(KubernetesClient client, Vertx vertx, NodeOptions options, NodeLogs logs)
            throws IOException {
        // Of pods that an earlier cluster ran here; this one does not know them.
        Folders.delete(options.podFolders());
        Folders.delete(logs.folder());
        LocalNode.register(client);
        var node = new LocalClusterNode(client.informers());
        node.begin(client, vertx, options, logs);
        return node;
    }

    private void begin(KubernetesClient client, Vertx vertx, NodeOptions options, NodeLogs logs) {
        var pods = informers.sharedIndexInformerFor(Pod.class, 0);
        // Services hear of a pod's end before the kubelet, so that none sends its clients to it any more.
        new ServiceController(client, vertx).register(Service.class, informers, pods, thread);
        new ClaimController(client, options).register(PersistentVolumeClaim.class, informers, pods, thread);
        new JobController(client, options).register(Job.class, informers, pods, thread);
        new DeploymentController(client).register(Deployment.class, informers, pods, thread);
        new Kubelet(client, options, logs, children).register(pods, thread);
        informers.startAllRegisteredInformers();
    }

    /** Ends the controllers and kills every process of every pod. */
    @Override
    public void close() {
        informers.stopAllRegisteredInformers();
        children.close();
        thread.close();
    }
}
