/**
 * A small in-memory Kubernetes API server: enough of the protocol for {@code kubectl}, Fabric8's client and the Java
 * Operator SDK with its defaults (server-side apply).
 *
 * <p>A request goes through {@link dev.prompttuning.localcluster.apiserver.ApiServer} (HTTP, watches, logs) to {@code
 * Resources} (one method per verb), is changed by {@code Patches} or {@code ServerSideApply}, checked by {@code
 * Admission} (schema, CEL, defaults) and committed by {@code Lifecycle} (metadata, finalizers, garbage collection) to
 * the {@code Store} (versions, history). Everything after the HTTP parsing runs on one event loop, so nothing here
 * locks.
 *
 * <p>What a node must know: a pod that has a {@code spec.nodeName} and has not ended is deleted gracefully, as in a
 * cluster: DELETE only sets {@code deletionTimestamp} and {@code deletionGracePeriodSeconds}; the node stops the
 * containers and then deletes the pod again with {@code gracePeriodSeconds=0}. Pods without a node, or already
 * Succeeded or Failed, go at once.
 */
package dev.prompttuning.localcluster.apiserver;
