package dev.prompttuning.operator.adapterserve;

import dev.prompttuning.api.contract.ServeState.LoadedAdapter;
import dev.prompttuning.api.contract.ServeState.State;
import dev.prompttuning.api.serving.AdapterServe;
import dev.prompttuning.api.serving.AdapterServeStatus;
import dev.prompttuning.api.serving.AdapterServeStatus.AdapterState;
import dev.prompttuning.operator.Labels;
import dev.prompttuning.operator.status.Conditions;
import dev.prompttuning.operator.status.Reason;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The status of a server as a function of its resource and what is seen. */
final class ServingStatus {
    static final String LOADED = "Loaded";
    static final String PENDING = "Pending";
    static final String FAILED = "Failed";

    private ServingStatus() {}

    static AdapterServeStatus of(AdapterServe serve, Observed seen, Instant now) {
        int wanted = serve.getSpec().replicas() == null ? 1 : serve.getSpec().replicas();
        int replicas = seen.deployment().map(DeploymentStatus::getReplicas).orElse(0);
        int ready = seen.deployment().map(DeploymentStatus::getReadyReplicas).orElse(0);
        List<AdapterState> adapters =
                seen.wanted().stream().map(adapter -> state(adapter, seen)).toList();
        long loaded = adapters.stream()
                .filter(adapter -> LOADED.equals(adapter.state()))
                .count();
        Long generation = serve.getMetadata().getGeneration();
        List<Condition> before =
                serve.getStatus() == null ? null : serve.getStatus().conditions();
        Conditions conditions = new Conditions(before, generation, now);
        return new AdapterServeStatus(
                generation,
                seen.problem().isPresent() ? null : ServerService.url(serve),
                replicas,
                ready,
                selector(serve),
                loaded + "/" + adapters.size(),
                ready + "/" + wanted,
                adapters,
                conditions(conditions, seen, wanted, ready, adapters));
    }

    private static List<Condition> conditions(
            Conditions conditions, Observed seen, int wanted, int ready, List<AdapterState> adapters) {
        seen.problem()
                .ifPresentOrElse(
                        sentence -> conditions.set(
                                "Accepted",
                                false,
                                seen.missing() ? Reason.ReferenceMissing : Reason.InvalidSpec,
                                sentence),
                        () -> conditions.set("Accepted", true, Reason.SpecAccepted, "The spec can be served."));
        boolean available = seen.problem().isEmpty() && ready >= Math.min(wanted, 1);
        conditions.set(
                "Available",
                available,
                available ? Reason.PodsReady : Reason.PodsNotReady,
                ready + " of " + wanted + " pods answer."
                        + seen.trouble()
                                .filter(why -> ready < wanted)
                                .map(why -> " " + why)
                                .orElse(""));
        loaded(conditions, adapters);
        boolean rolledOut = ready == wanted
                && seen.deployment().map(DeploymentStatus::getUpdatedReplicas).orElse(0) == wanted;
        conditions.set(
                "Progressing",
                seen.problem().isEmpty() && !rolledOut,
                rolledOut ? Reason.RolledOut : Reason.RollingOut,
                rolledOut ? "Every pod is as the spec wants it." : "Not every pod is as the spec wants it.");
        return conditions.list();
    }

    private static void loaded(Conditions conditions, List<AdapterState> adapters) {
        String missing = adapters.stream()
                .filter(adapter -> !LOADED.equals(adapter.state()))
                .map(adapter -> adapter.name() + ": " + adapter.message())
                .collect(Collectors.joining(" "));
        boolean failed = adapters.stream().anyMatch(adapter -> FAILED.equals(adapter.state()));
        boolean all = missing.isEmpty();
        conditions.set(
                "AdaptersLoaded",
                all,
                all ? Reason.AllLoaded : failed ? Reason.SomeFailed : Reason.SomePending,
                all ? "Every adapter is loaded in every pod." : missing);
    }

    private static AdapterState state(WantedAdapter wanted, Observed seen) {
        if (wanted.waiting() != null) {
            return new AdapterState(wanted.name(), PENDING, wanted.waiting(), null, 0);
        }
        List<LoadedAdapter> said = seen.loaded().stream()
                .flatMap(List::stream)
                .filter(adapter -> wanted.name().equals(adapter.name()))
                .toList();
        Optional<LoadedAdapter> failed =
                said.stream().filter(adapter -> adapter.state() == State.FAILED).findFirst();
        List<LoadedAdapter> loaded = said.stream()
                .filter(adapter -> adapter.state() == State.LOADED)
                .filter(adapter -> wanted.digest() == null || wanted.digest().equals(adapter.digest()))
                .toList();
        int pods = loaded.size();
        if (failed.isPresent()) {
            return new AdapterState(wanted.name(), FAILED, failed.get().message(), null, pods);
        }
        if (pods > 0 && pods == seen.loaded().size()) {
            return new AdapterState(wanted.name(), LOADED, null, loaded.get(0).digest(), pods);
        }
        return new AdapterState(wanted.name(), PENDING, "Not every pod has loaded it yet.", null, pods);
    }

    private static String selector(AdapterServe serve) {
        return Labels.of(serve, Labels.SERVER).entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
    }
}
