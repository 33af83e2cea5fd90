package dev.prompttuning.api.tuning;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** One training run: a base model, a method, a dataset, and where the adapter goes. */
@Group("prompttuning.dev")
@Version("v1alpha1")
@ShortNames("ptj")
@AdditionalPrinterColumn(name = "PHASE", jsonPath = ".status.phase", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "METHOD", jsonPath = ".status.method", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "PROGRESS",
        jsonPath = ".status.progressText",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "LOSS", jsonPath = ".status.lossText", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "ETA", jsonPath = ".status.eta", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "AGE",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "BASE",
        jsonPath = ".status.baseModel",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "ADAPTER",
        jsonPath = ".status.adapter.path",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
public class PromptTuningJob extends CustomResource<PromptTuningJobSpec, PromptTuningJobStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    /** Without it there would be nothing to do, and taking it away would evade the rules on what may change. */
    @Override
    @Required
    public PromptTuningJobSpec getSpec() {
        return super.getSpec();
    }
}
