package dev.prompttuning.transformers.hub;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** What a request says about who asks. */
@FunctionalInterface
interface Authorization {
    /** Says nothing. */
    Authorization NONE = (uri, headers) -> Map.of();

    /**
     * @param headers of the request without these
     * @return more headers
     */
    Map<String, String> headers(URI uri, Map<String, String> headers);

    static Authorization bearer(Optional<String> token) {
        return token.<Authorization>map(text -> (uri, headers) -> Map.of("Authorization", "Bearer " + text))
                .orElse(NONE);
    }
}
