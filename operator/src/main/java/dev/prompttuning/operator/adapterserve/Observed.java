package dev.prompttuning.operator.adapterserve;

import dev.prompttuning.api.contract.ServeState.LoadedAdapter;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.List;
import java.util.Optional;

/**
 * What is seen of a server.
 *
 * @param problem why the spec cannot be served, or what it names and is not there
 * @param missing whether {@code problem} goes away when something appears
 * @param wanted the adapters it is to offer
 * @param deployment the status of its Deployment
 * @param loaded what each answering pod says of its adapters
 * @param trouble why a pod does not answer, when that will not pass by itself
 */
record Observed(
        Optional<String> problem,
        boolean missing,
        List<WantedAdapter> wanted,
        Optional<DeploymentStatus> deployment,
        List<List<LoadedAdapter>> loaded,
        Optional<String> trouble) {

    static Observed problem(String sentence, boolean missing, List<WantedAdapter> wanted) {
        return new Observed(Optional.of(sentence), missing, wanted, Optional.empty(), List.of(), Optional.empty());
    }
}
