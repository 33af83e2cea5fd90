package dev.prompttuning.api.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.prompttuning.api.model.Dtype;
import dev.prompttuning.api.model.Quantization;

/**
 * A base model as a pod finds it: exactly one of {@code path}, {@code repo} and {@code uri} is set. The token of a
 * private repository is in the environment variable {@code HF_TOKEN}.
 *
 * @param name what people call it: the repository, the claim and path, or the address
 * @param path a folder
 * @param repo a repository of the Hugging Face hub, with {@code revision}
 * @param uri address of a folder
 * @param dtype how the weights are held; AUTO where nothing is said
 * @param quantization null: none
 * @param cache a folder for downloads that outlives the pod, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelSource(
        String name,
        String path,
        String repo,
        String revision,
        String uri,
        Dtype dtype,
        Quantization quantization,
        String cache) {

    public ModelSource {
        dtype = dtype == null ? Dtype.AUTO : dtype;
    }
}
