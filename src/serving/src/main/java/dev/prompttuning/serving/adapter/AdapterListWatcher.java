package dev.prompttuning.serving.adapter;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a registry match a list that may change, looking once a second. A mounted ConfigMap changes by the swap of a link far
 * above the file, which file notifications miss; reading a small file does not.
 */
public final class AdapterListWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdapterListWatcher.class);
    private static final long MILLISECONDS = 1000;

    private final Supplier<List<AdapterSource>> list;
    private final AdapterRegistry registry;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "adapters");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean tried;
    private String complaint = "";

    /** @param list reads the list; an IllegalArgumentException says in one sentence why it cannot be used */
    public AdapterListWatcher(Supplier<List<AdapterSource>> list, AdapterRegistry registry) {
        this.list = list;
        this.registry = registry;
    }

    public void start() {
        clock.scheduleWithFixedDelay(this::look, 0, MILLISECONDS, TimeUnit.MILLISECONDS);
    }

    /** Whether every adapter of a first list was tried. */
    public boolean tried() {
        return tried;
    }

    /** A list that cannot be read changes nothing: what was loaded goes on serving. */
    private void look() {
        try {
            registry.match(list.get());
            tried = true;
            complaint = "";
        } catch (IllegalArgumentException e) {
            complain(e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("The adapters could not be made to match their list", e);
        }
    }

    /** Once, not once a second. */
    private void complain(String message) {
        if (!complaint.equals(message)) {
            complaint = message;
            LOG.warn("{}", message);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        try {
            if (!clock.awaitTermination(30, TimeUnit.SECONDS)) {
                LOG.warn("An adapter was still being loaded after 30 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
