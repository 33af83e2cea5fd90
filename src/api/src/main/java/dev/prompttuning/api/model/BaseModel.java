package dev.prompttuning.api.model;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.ValidationRule;

/** A Hugging Face model folder and how its weights are held. */
@ValidationRule(
        value = "[has(self.huggingFace), has(self.persistentVolumeClaim), has(self.uri)].filter(x, x).size() == 1",
        message = "exactly one of huggingFace, persistentVolumeClaim and uri must be set")
@ValidationRule(
        value = "!has(self.quantization) || self.quantization != 'Int8' || !has(self.dtype) || self.dtype == 'Auto'",
        message = "quantization Int8 is a number format itself: leave dtype out")
public record BaseModel(
        @JsonPropertyDescription("A repository of the Hugging Face hub, downloaded by the pod.") HubSource huggingFace,
        @JsonPropertyDescription("A folder on a volume with config.json, tokenizer.json and safetensors files.")
                ClaimSource persistentVolumeClaim,
        @Pattern("^(https?|s3)://.+")
                @JsonPropertyDescription(
                        "Address of a folder with config.json, tokenizer.json and safetensors files, of http, https or s3.")
                String uri,
        @Default("Auto") @JsonPropertyDescription("Number format of the frozen weights.") Dtype dtype,
        @Default("None")
                @JsonPropertyDescription(
                        "Compression of the frozen weights. Int8 takes a quarter of Float32's memory, with linear maps and embeddings in eight bits and all arithmetic in Float32.")
                Quantization quantization,
        @JsonPropertyDescription(
                        "Where downloads are kept, those of a dataset too. Default: the pod's scratch space, lost with the pod.")
                Cache cache) {}
