package dev.prompttuning.serving.engine;

import dev.prompttuning.serving.openai.FinishReason;
import dev.prompttuning.serving.openai.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What dashboards and gateways read. Names begin with {@code prompttuning.}; the two gauges that gateways route by are also there
 * under the names vLLM gave them.
 */
public final class ServingMetrics {
    private static final Duration[] LATENCIES = {
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60)
    };

    private final MeterRegistry registry;
    private final String baseModel;
    private final Counter forwardTokens;

    public ServingMetrics(MeterRegistry registry, String baseModel) {
        this.registry = registry;
        this.baseModel = baseModel;
        this.forwardTokens = Counter.builder("prompttuning.forward.tokens")
                .description("Tokens run through the model, virtual tokens of adapters included when they are loaded")
                .register(registry);
    }

    /** Counts tokens that were run through the model outside a request. */
    public void forward(int tokens) {
        forwardTokens.increment(tokens);
    }

    void watchQueue(AtomicInteger waiting, AtomicInteger running) {
        gauge("prompttuning.requests.waiting", "Requests in the queue", waiting);
        gauge("prompttuning.requests.running", "Requests being answered", running);
        gauge("vllm:num_requests_waiting", "The same as prompttuning_requests_waiting", waiting);
        gauge("vllm:num_requests_running", "The same as prompttuning_requests_running", running);
    }

    private void gauge(String name, String description, AtomicInteger value) {
        Gauge.builder(name, value, AtomicInteger::get)
                .description(description)
                .tag("model_name", baseModel)
                .register(registry);
    }

    void refused(String model) {
        count(model, "refused");
    }

    Request begin(String model) {
        return new Request(model);
    }

    private void count(String model, String reason) {
        registry.counter("prompttuning.requests", "model", model, "finish_reason", reason)
                .increment();
    }

    private Timer timer(String name, String model) {
        return Timer.builder(name)
                .tag("model", model)
                .serviceLevelObjectives(LATENCIES)
                .register(registry);
    }

    /** One request, from its coming. Used by one thread at a time. */
    final class Request {
        private final String model;
        private final long came = System.nanoTime();
        private boolean first = true;

        private Request(String model) {
            this.model = model;
        }

        void started() {
            record("prompttuning.queue.time");
        }

        void forward(int tokens) {
            ServingMetrics.this.forward(tokens);
        }

        void token() {
            if (first) {
                first = false;
                record("prompttuning.time.to.first.token");
            }
        }

        void finished(FinishReason reason) {
            count(model, reason.text());
        }

        void done(Usage usage) {
            registry.counter("prompttuning.prompt.tokens", "model", model).increment(usage.promptTokens());
            registry.counter("prompttuning.generation.tokens", "model", model).increment(usage.completionTokens());
            record("prompttuning.request.latency");
        }

        void cancelled() {
            count(model, "cancelled");
        }

        void failed() {
            count(model, "error");
        }

        private void record(String timer) {
            timer(timer, model).record(Duration.ofNanos(System.nanoTime() - came));
        }
    }
}
