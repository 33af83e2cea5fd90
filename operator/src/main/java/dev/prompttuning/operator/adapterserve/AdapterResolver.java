package dev.prompttuning.operator.adapterserve;

import dev.prompttuning.api.model.ClaimSource;
import dev.prompttuning.api.serving.Adapter;
import dev.prompttuning.api.serving.AdapterServe;
import dev.prompttuning.api.serving.AdapterServeSpec;
import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.operator.status.Conditions;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From names and labels to adapters on volumes. */
final class AdapterResolver {
    private AdapterResolver() {}

    /** The adapters in the order of the spec, then those selected by labels; a name is taken once. */
    static List<WantedAdapter> resolve(AdapterServe serve, Collection<PromptTuningJob> jobs) {
        Map<String, WantedAdapter> wanted = new LinkedHashMap<>();
        AdapterServeSpec spec = serve.getSpec();
        for (Adapter adapter : spec.adapters() == null ? List.<Adapter>of() : spec.adapters()) {
            wanted.put(adapter.name(), adapter.job() == null ? onVolume(adapter) : ofJob(adapter, jobs));
        }
        if (spec.adapterSelector() != null) {
            jobs.stream()
                    .filter(job -> selected(spec.adapterSelector().matchLabels(), job) && complete(job))
                    .sorted(Comparator.comparing(job -> job.getMetadata().getName()))
                    .map(job ->
                            ofJob(job.getSpec().adapterName(job.getMetadata().getName()), job))
                    .forEach(adapter -> wanted.putIfAbsent(adapter.name(), adapter));
        }
        return List.copyOf(wanted.values());
    }

    private static WantedAdapter onVolume(Adapter adapter) {
        ClaimSource claim = adapter.persistentVolumeClaim();
        return new WantedAdapter(adapter.name(), claim.claimName(), claim.path(), null, null);
    }

    private static WantedAdapter ofJob(Adapter adapter, Collection<PromptTuningJob> jobs) {
        String name = adapter.job().name();
        return jobs.stream()
                .filter(job -> job.getMetadata().getName().equals(name))
                .findFirst()
                .map(job -> ofJob(adapter.name(), job))
                .orElseGet(() -> new WantedAdapter(
                        adapter.name(), null, null, null, "PromptTuningJob " + name + " does not exist: create it."));
    }

    private static WantedAdapter ofJob(String name, PromptTuningJob job) {
        if (complete(job) && job.getStatus().adapter() != null) {
            var made = job.getStatus().adapter();
            return new WantedAdapter(name, made.claimName(), made.path(), made.digest(), null);
        }
        String phase = job.getStatus() == null ? "Pending" : job.getStatus().phase();
        String claim = job.getSpec().output().persistentVolumeClaim().claimName();
        String waiting = "PromptTuningJob " + job.getMetadata().getName() + " is " + phase + ", not complete.";
        return new WantedAdapter(name, claim, null, null, waiting);
    }

    private static boolean complete(PromptTuningJob job) {
        return job.getStatus() != null && Conditions.isTrue(job.getStatus().conditions(), "Complete");
    }

    private static boolean selected(Map<String, String> labels, PromptTuningJob job) {
        Map<String, String> own = job.getMetadata().getLabels();
        return own != null && own.entrySet().containsAll(labels.entrySet());
    }
}
