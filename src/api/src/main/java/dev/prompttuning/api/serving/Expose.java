package dev.prompttuning.api.serving;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;

/** How the service is reached from outside the cluster. */
@ValidationRule(
        value = "has(self.ingress) != has(self.httpRoute)",
        message = "exactly one of ingress and httpRoute must be set")
public record Expose(
        @JsonPropertyDescription("An Ingress.") IngressSettings ingress,
        @JsonPropertyDescription("A Gateway API HTTPRoute.") HttpRouteSettings httpRoute) {}
