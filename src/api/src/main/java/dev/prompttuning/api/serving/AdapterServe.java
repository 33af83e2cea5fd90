package dev.prompttuning.api.serving;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A base model served with many adapters. */
@Group("prompttuning.dev")
@Version("v1alpha1")
@ShortNames("aserve")
@AdditionalPrinterColumn(name = "READY", jsonPath = ".status.readyText", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "ADAPTERS",
        jsonPath = ".status.adaptersText",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "URL", jsonPath = ".status.url", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "AGE",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public class AdapterServe extends CustomResource<AdapterServeSpec, AdapterServeStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    /** Without it there would be nothing to do, and taking it away would evade the rules on what may change. */
    @Override
    @Required
    public AdapterServeSpec getSpec() {
        return super.getSpec();
    }
}
