package dev.prompttuning.operator.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefusedWritesTest {
    private static final ConfigMap RESOURCE = new ConfigMapBuilder()
            .withNewMetadata()
            .withName("a")
            .withNamespace("b")
            .withResourceVersion("1")
            .endMetadata()
            .build();

    private final AtomicInteger requests = new AtomicInteger();
    private volatile int answer;
    private HttpServer server;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            byte[] body = "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":%d}"
                    .formatted(answer)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void aResourceThatIsGoneNeedsNone() {
        answer = 404;
        StatusWriter.write(RESOURCE, new ConfigMapBuilder(RESOURCE).build(), context());
        assertEquals(1, requests.get());
    }

    @Test
    void everyOtherRefusalIsAFailure() {
        answer = 403;
        assertThrows(
                KubernetesClientException.class,
                () -> StatusWriter.write(RESOURCE, new ConfigMapBuilder(RESOURCE).build(), context()));
    }

    /** As in a namespace that is being deleted. */
    @Test
    void anEventThatIsRefusedIsNoFailure() {
        var condition = new ConditionBuilder()
                .withType("Complete")
                .withStatus("True")
                .withReason("AdapterWritten")
                .build();
        var transitions = new Transitions(client, new SimpleMeterRegistry(), Clock.systemUTC());
        answer = 403;
        transitions.tell(RESOURCE, "any", null, List.of(condition));
        assertEquals(1, requests.get());
        answer = 422;
        assertThrows(
                KubernetesClientException.class, () -> transitions.tell(RESOURCE, "any", null, List.of(condition)));
    }

    @SuppressWarnings("unchecked")
    private Context<ConfigMap> context() {
        return (Context<ConfigMap>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getClient")) {
                        return client;
                    }
                    if (method.getName().equals("getControllerConfiguration")) {
                        return Proxy.newProxyInstance(
                                getClass().getClassLoader(),
                                new Class<?>[] {method.getReturnType()},
                                (p, m, a) -> "tests");
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
