package dev.prompttuning.operator.adapterserve;

import dev.prompttuning.api.contract.AdapterList;
import dev.prompttuning.api.contract.Mounts;
import java.util.List;

/**
 * One adapter that a server is to offer.
 *
 * @param claimName where it lies or will lie; null while the job that makes it does not exist
 * @param path its folder inside the claim
 * @param digest what its files' digest must be, or null when it is not known
 * @param waiting why it cannot be loaded yet; null when it can
 */
record WantedAdapter(String name, String claimName, String path, String digest, String waiting) {

    /** The adapters that can be loaded, as pods read them. */
    static AdapterList list(List<WantedAdapter> wanted) {
        return new AdapterList(wanted.stream()
                .filter(adapter -> adapter.waiting() == null)
                .map(adapter -> new AdapterList.Entry(
                        adapter.name(), Mounts.inPod().claim(adapter.claimName(), adapter.path()), adapter.digest()))
                .toList());
    }
}
