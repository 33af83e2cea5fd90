package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.prompttuning.api.model.ClaimSource;
import dev.prompttuning.api.model.ConfigMapSource;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.ValidationRule;

/** Where rows come from. */
@ValidationRule(
        value =
                "[has(self.persistentVolumeClaim), has(self.configMap), has(self.huggingFace), has(self.uri)].filter(x, x).size() == 1",
        message = "exactly one of persistentVolumeClaim, configMap, huggingFace and uri must be set")
public record DataSource(
        @JsonPropertyDescription(
                        "A file of rows on a volume (.jsonl, .json, .csv, .tsv, .parquet), or a folder of such files.")
                ClaimSource persistentVolumeClaim,
        @JsonPropertyDescription("A key of a ConfigMap, for small datasets.") ConfigMapSource configMap,
        @JsonPropertyDescription("A dataset repository of the Hugging Face hub.") HubDataset huggingFace,
        @Pattern("^(https?|s3)://.+")
                @JsonPropertyDescription(
                        "Address of a file of rows (.jsonl, .json, .csv, .tsv, .parquet); #sha256=… at its end pins the file. Credentials of S3 are in pod.env: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL.")
                String uri) {}
