package dev.prompttuning.api.contract;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** The file {@code adapters.json}: what each server pod makes itself match, while it goes on answering. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AdapterList(List<Entry> adapters) {

    /**
     * @param name what requests give as model
     * @param path the adapter's folder
     * @param digest what the folder's digest must be, or null when it is not known
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Entry(String name, String path, String digest) {}
}
