package dev.prompttuning.operator.adapterserve;

import dev.prompttuning.api.contract.ContractPaths;
import dev.prompttuning.api.serving.AdapterServe;
import dev.prompttuning.operator.Labels;
import dev.prompttuning.operator.ShortNames;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

/** The address of the server inside the cluster. */
@KubernetesDependent(informer = @Informer(labelSelector = Labels.SELECTOR))
public class ServerService extends CRUDKubernetesDependentResource<Service, AdapterServe> {
    private static final int PORT = 80;

    static String name(AdapterServe serve) {
        return ShortNames.of(serve.getMetadata().getName().replace('.', '-'), 63);
    }

    static String url(AdapterServe serve) {
        return "http://" + name(serve) + "." + serve.getMetadata().getNamespace() + ".svc";
    }

    static Service of(AdapterServe serve) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(name(serve))
                .withNamespace(serve.getMetadata().getNamespace())
                .withLabels(Labels.of(serve, Labels.SERVER))
                .endMetadata()
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(Labels.of(serve, Labels.SERVER))
                .addNewPort()
                .withName("http")
                .withProtocol("TCP")
                .withPort(PORT)
                .withTargetPort(new IntOrString(ContractPaths.PORT))
                .endPort()
                .endSpec()
                .build();
    }

    @Override
    protected Service desired(AdapterServe serve, Context<AdapterServe> context) {
        return of(serve);
    }
}
