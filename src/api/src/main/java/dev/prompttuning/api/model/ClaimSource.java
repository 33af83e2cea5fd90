package dev.prompttuning.api.model;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

/** A folder or file on a PersistentVolumeClaim of the resource's namespace. */
public record ClaimSource(
        @Required
                @Pattern(ClaimSource.CLAIM_NAME)
                @JsonPropertyDescription("Name of a PersistentVolumeClaim in the same namespace.")
                String claimName,
        @Pattern(ClaimSource.RELATIVE_PATH)
                @JsonPropertyDescription("Path inside the volume, without a leading slash. Default: the volume's root.")
                String path) {

    /** An RFC 1123 subdomain, as Kubernetes wants names. */
    public static final String CLAIM_NAME = "^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$";

    /** Relative, and no part of it begins with a dot, so that it never leaves the volume. */
    public static final String RELATIVE_PATH = "^([^/.][^/]*(/[^/.][^/]*)*/?)?$";
}
