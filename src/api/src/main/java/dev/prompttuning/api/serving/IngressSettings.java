package dev.prompttuning.api.serving;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** An Ingress in front of the service. */
public record IngressSettings(
        @Required @JsonPropertyDescription("Host name.") String host,
        @JsonPropertyDescription("Class of the Ingress.") String className,
        @JsonPropertyDescription("Secret with the TLS certificate.") SecretName tlsSecretRef) {}
