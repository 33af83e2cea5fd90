package dev.prompttuning.trainer.http;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** What the probes say; the running sub-command tells what it depends on. */
@ApplicationScoped
public class Probes {
    private volatile BooleanSupplier ready = () -> false;
    private volatile BooleanSupplier alive = () -> true;

    /** From now on ready when {@code ready} says so, and alive as long as {@code alive} does. */
    public void follow(BooleanSupplier ready, BooleanSupplier alive) {
        this.ready = ready;
        this.alive = alive;
    }

    @Readiness
    HealthCheck readiness() {
        return () -> response("ready", ready.getAsBoolean());
    }

    @Liveness
    HealthCheck liveness() {
        return () -> response("alive", alive.getAsBoolean());
    }

    private static HealthCheckResponse response(String name, boolean up) {
        return HealthCheckResponse.named(name).status(up).build();
    }
}
