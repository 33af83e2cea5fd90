package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.http.HttpClient;

/** What every pod of the node needs from it. @param http for probes */
record NodeRuntime(
        KubernetesClient client, NodeOptions options, NodeLogs logs, ChildProcesses children, HttpClient http) {}
