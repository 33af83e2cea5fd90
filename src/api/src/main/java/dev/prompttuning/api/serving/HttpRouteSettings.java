package dev.prompttuning.api.serving;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;

/** An HTTPRoute in front of the service. */
public record HttpRouteSettings(
        @Required @JsonPropertyDescription("Name of the Gateway.") String gateway,
        @JsonPropertyDescription("Namespace of the Gateway. Default: the resource's.") String gatewayNamespace,
        @JsonPropertyDescription("Host names.") List<String> hostnames) {}
