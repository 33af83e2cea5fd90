package dev.prompttuning.operator.adapterserve;

import dev.prompttuning.api.contract.ContractJson;
import dev.prompttuning.api.contract.ContractPaths;
import dev.prompttuning.api.contract.Mounts;
import dev.prompttuning.api.contract.ServeConfigs;
import dev.prompttuning.api.serving.AdapterServe;
import dev.prompttuning.operator.EventSources;
import dev.prompttuning.operator.Labels;
import dev.prompttuning.operator.ShortNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import java.util.List;

/** The files {@code serve.json} and {@code adapters.json}; pods follow the second without a restart. */
@KubernetesDependent(informer = @Informer(labelSelector = Labels.SELECTOR))
public class ServerConfigMap extends CRUDKubernetesDependentResource<ConfigMap, AdapterServe> {

    static String name(AdapterServe serve) {
        return ShortNames.of(serve.getMetadata().getName(), 230) + "-serve";
    }

    static String serveJson(AdapterServe serve) {
        return ContractJson.write(ServeConfigs.of(serve.getSpec(), Mounts.inPod(), ContractPaths.ADAPTERS_JSON));
    }

    static ConfigMap of(AdapterServe serve, List<WantedAdapter> wanted) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name(serve))
                .withNamespace(serve.getMetadata().getNamespace())
                .withLabels(Labels.of(serve, Labels.SERVER))
                .endMetadata()
                .addToData("serve.json", serveJson(serve))
                .addToData("adapters.json", ContractJson.write(WantedAdapter.list(wanted)))
                .build();
    }

    @Override
    protected ConfigMap desired(AdapterServe serve, Context<AdapterServe> context) {
        return of(serve, AdapterResolver.resolve(serve, EventSources.jobs(serve, context)));
    }
}
