package dev.prompttuning.localcluster.apiserver;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.util.List;
import java.util.Optional;

/** The kinds that are served without a CustomResourceDefinition; most are only stored. */
final class BuiltinTypes {
    private enum Trait {
        STATUS,
        SCALE,
        /** Listed by {@code kubectl get all}. */
        ALL
    }

    private static final ResourceType.Scale SCALE =
            new ResourceType.Scale(".spec.replicas", ".status.replicas", ".spec.selector");

    private final BuiltinSchemas schemas;

    private BuiltinTypes(BuiltinSchemas schemas) {
        this.schemas = schemas;
    }

    static List<ResourceType> of(BuiltinSchemas schemas) {
        BuiltinTypes types = new BuiltinTypes(schemas);
        return List.of(
                types.type(Namespace.class, "ns", Trait.STATUS),
                types.type(ConfigMap.class, "cm"),
                types.type(Secret.class, ""),
                types.type(ServiceAccount.class, "sa"),
                types.type(Pod.class, "po", Trait.STATUS, Trait.ALL),
                types.type(Service.class, "svc", Trait.STATUS, Trait.ALL),
                types.type(PersistentVolumeClaim.class, "pvc", Trait.STATUS),
                types.type(PersistentVolume.class, "pv", Trait.STATUS),
                types.type(Event.class, "ev"),
                types.type(Node.class, "no", Trait.STATUS),
                types.type(Endpoints.class, "ep"),
                types.type(Deployment.class, "deploy", Trait.STATUS, Trait.SCALE, Trait.ALL),
                types.type(ReplicaSet.class, "rs", Trait.STATUS, Trait.SCALE, Trait.ALL),
                types.type(Job.class, "", Trait.STATUS, Trait.ALL),
                types.type(HorizontalPodAutoscaler.class, "hpa", Trait.STATUS, Trait.ALL),
                types.type(CustomResourceDefinition.class, "crd", Trait.STATUS),
                types.type(Lease.class, ""),
                types.type(EndpointSlice.class, ""),
                types.type(io.fabric8.kubernetes.api.model.events.v1.Event.class, "ev"),
                types.type(Ingress.class, "ing", Trait.STATUS),
                types.type(NetworkPolicy.class, "netpol"),
                types.type(PodDisruptionBudget.class, "pdb", Trait.STATUS),
                types.type(Role.class, ""),
                types.type(RoleBinding.class, ""),
                types.type(ClusterRole.class, ""),
                types.type(ClusterRoleBinding.class, ""),
                types.type(StorageClass.class, "sc"));
    }

    private ResourceType type(Class<? extends HasMetadata> kind, String shortName, Trait... traits) {
        List<Trait> all = List.of(traits);
        String group = HasMetadata.getGroup(kind);
        return new ResourceType(
                group == null ? "" : group,
                HasMetadata.getVersion(kind),
                new ResourceType.Names(
                        HasMetadata.getKind(kind),
                        HasMetadata.getPlural(kind),
                        HasMetadata.getSingular(kind),
                        shortName.isEmpty() ? List.of() : List.of(shortName),
                        all.contains(Trait.ALL) ? List.of("all") : List.of()),
                Namespaced.class.isAssignableFrom(kind),
                false,
                all.contains(Trait.STATUS),
                all.contains(Trait.SCALE) ? Optional.of(SCALE) : Optional.empty(),
                schemas.of(kind),
                List.of());
    }
}
