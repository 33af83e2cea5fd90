package dev.prompttuning.api.contract;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** What a server pod has loaded; it serves it at {@code /adapters}. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ServeState(List<LoadedAdapter> adapters) {

    /** @param message why the adapter is not loaded, null when it is */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record LoadedAdapter(String name, State state, String message, String digest) {}

    /** How one adapter is doing in one pod. */
    public enum State {
        @JsonProperty("Loading")
        LOADING,
        @JsonProperty("Loaded")
        LOADED,
        @JsonProperty("Failed")
        FAILED
    }
}
