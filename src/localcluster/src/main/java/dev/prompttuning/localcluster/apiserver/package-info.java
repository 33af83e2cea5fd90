/**
 * A small in-memory Kubernetes API server: enough of the protocol for {@code kubectl}, Fabric8's client and the Java
 * Operator SDK with its defaults (server-side apply).
 *
 * <p>{@code HttpFront} reads a request and finds its {@code Target}; {@code Resources} has the verbs. A {@code Write}
 * takes a change, made by {@code Patches} or by a {@code FieldManager}'s apply, through {@code Admission} (schema,
 * defaults, CEL) to the {@code Store} (versions, history), and {@code Deletion} takes away what nothing holds. Which
 * kinds there are, {@code ResourceTypes} knows: from {@code builtins.yaml} and from CustomResourceDefinitions.
 * Everything after the HTTP parsing runs on one event loop, so nothing here locks.
 *
 * <p>What a node must know: a pod that has a {@code spec.nodeName} and has not ended is deleted gracefully, as in a
 * cluster: DELETE only sets {@code deletionTimestamp} and {@code deletionGracePeriodSeconds}; the node stops the
 * containers and then deletes the pod again with {@code gracePeriodSeconds=0}. Pods without a node, or already
 * Succeeded or Failed, go at once.
 *
 * <p>Left out, as nothing here asks for it: users and their rights, pages of lists, deletion of whole collections,
 * aggregated discovery, foreground deletion (it is background), transition rules of CEL below lists, protobuf, exec and
 * port-forward.
 */
package dev.prompttuning.localcluster.apiserver;
