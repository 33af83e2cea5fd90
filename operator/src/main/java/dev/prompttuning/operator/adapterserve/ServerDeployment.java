package dev.prompttuning.operator.adapterserve;

import dev.prompttuning.api.contract.ContractPaths;
import dev.prompttuning.api.serving.AdapterServe;
import dev.prompttuning.api.serving.AdapterServeSpec;
import dev.prompttuning.operator.ClaimMounts;
import dev.prompttuning.operator.EventSources;
import dev.prompttuning.operator.Labels;
import dev.prompttuning.operator.PodDefaults;
import dev.prompttuning.operator.ShortNames;
import dev.prompttuning.operator.pod.RuntimePod;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/** The pods that serve. A changed adapter list changes nothing here unless it needs another volume. */
@Singleton
@KubernetesDependent(informer = @Informer(labelSelector = Labels.SELECTOR))
public class ServerDeployment extends CRUDKubernetesDependentResource<Deployment, AdapterServe> {
    /** The server reads {@code serve.json} once, so another content needs other pods. */
    private static final String CONFIG_HASH = "prompttuning.dev/config";

    @Inject
    PodDefaults defaults;

    static String name(AdapterServe serve) {
        return ServerService.name(serve);
    }

    static Deployment of(AdapterServe serve, List<WantedAdapter> wanted, PodDefaults defaults) {
        AdapterServeSpec spec = serve.getSpec();
        var labels = Labels.of(serve, Labels.SERVER);
        var metadata = new ObjectMetaBuilder(RuntimePod.metadata(labels, spec.pod()))
                .addToAnnotations(CONFIG_HASH, ShortNames.hash(ServerConfigMap.serveJson(serve)))
                .build();
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(name(serve))
                .withNamespace(serve.getMetadata().getNamespace())
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withReplicas(spec.replicas() == null ? 1 : spec.replicas())
                .withNewSelector()
                .withMatchLabels(labels)
                .endSelector()
                .withNewTemplate()
                .withMetadata(metadata)
                .withSpec(pod(serve, wanted, defaults))
                .endTemplate()
                .endSpec()
                .build();
    }

    private static PodSpec pod(AdapterServe serve, List<WantedAdapter> wanted, PodDefaults defaults) {
        AdapterServeSpec spec = serve.getSpec();
        ClaimMounts mounts = references(serve, wanted).configMap(ServerConfigMap.name(serve), ContractPaths.CONFIG);
        PodSpec pod = RuntimePod.of("serve", ContractPaths.SERVE_JSON, spec.baseModel(), spec.pod(), mounts, defaults);
        return new PodSpecBuilder(pod)
                .withRestartPolicy("Always")
                .editFirstContainer()
                // Loading a model takes its time; until it is done only this probe counts.
                .withStartupProbe(probe("/q/health/live", 5, 120))
                .withReadinessProbe(probe("/q/health/ready", 5, 3))
                .withLivenessProbe(probe("/q/health/live", 10, 6))
                .endContainer()
                .build();
    }

    /** What the pods mount beside their configuration. */
    static ClaimMounts references(AdapterServe serve, List<WantedAdapter> wanted) {
        ClaimMounts mounts = new ClaimMounts().model(serve.getSpec().baseModel());
        wanted.stream()
                .map(WantedAdapter::claimName)
                .filter(name -> name != null)
                .forEach(mounts::read);
        return mounts;
    }

    private static Probe probe(String path, int period, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(new IntOrString("http"))
                .withScheme("HTTP")
                .endHttpGet()
                .withPeriodSeconds(period)
                .withFailureThreshold(failures)
                .withTimeoutSeconds(3)
                .withSuccessThreshold(1)
                .build();
    }

    @Override
    protected Deployment desired(AdapterServe serve, Context<AdapterServe> context) {
        var jobs = EventSources.jobs(serve, context);
        return of(serve, AdapterResolver.resolve(serve, jobs), defaults);
    }
}
