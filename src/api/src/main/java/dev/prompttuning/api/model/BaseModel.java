package dev.prompttuning.api.model;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.ValidationRule;

/** A Hugging Face model folder and how its weights are held. */
@ValidationRule(
        value = "[has(self.huggingFace), has(self.persistentVolumeClaim), has(self.uri)].filter(x, x).size() == 1",
        message = "exactly one of huggingFace, persistentVolumeClaim and uri must be set")
public record BaseModel(
        @JsonPropertyDescription("A repository of the Hugging Face hub, downloaded by the pod.") HubSource huggingFace,
        @JsonPropertyDescription("A folder on a volume with config.json, tokenizer.json and safetensors files.")
                ClaimSource persistentVolumeClaim,
        @Pattern("^(https?|s3)://.+")
                @JsonPropertyDescription(
                        "Address of a folder with config.json, tokenizer.json and safetensors files, of http, https or s3.")
                String uri,
        @Default("Auto") @JsonPropertyDescription("Number format of the frozen weights.") Dtype dtype,
        @Default("None") @JsonPropertyDescription("Compression of the frozen weights.") Quantization quantization,
        @JsonPropertyDescription(
                        "Where downloads are kept, those of a dataset too. Default: the pod's scratch space, lost with the pod.")
                Cache cache) {}
