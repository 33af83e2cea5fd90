package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What all requests work on. */
record Cluster(ResourceTypes types, Store store, Deletion deletion, Admission admission) {

    /** @throws StatusException 404 */
    ObjectNode find(Target target) {
        return store.get(target.key()).orElseThrow(() -> StatusException.notFound(target.type(), target.name()));
    }
}
