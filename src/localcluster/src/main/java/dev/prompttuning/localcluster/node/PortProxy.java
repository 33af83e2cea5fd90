package dev.prompttuning.localcluster.node;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/** A local TCP port whose connections go to local ports in turn. */
final class PortProxy implements AutoCloseable {

    private final NetServer server;
    private final NetClient client;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile List<Integer> targets = List.of();

    private PortProxy(Vertx vertx, int port) {
        this.client = vertx.createNetClient();
        this.server = vertx.createNetServer().connectHandler(this::forward);
        server.listen(port, LocalNode.ADDRESS)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** Listens on the wanted port, or on any free one when none is wanted or it is taken. */
    static PortProxy listen(Vertx vertx, Optional<Integer> wanted) {
        try {
            return new PortProxy(vertx, wanted.orElse(0));
        } catch (CompletionException taken) {
            return new PortProxy(vertx, 0);
        }
    }

    int port() {
        return server.actualPort();
    }

    void forwardTo(List<Integer> ports) {
        targets = List.copyOf(ports);
    }

    private void forward(NetSocket incoming) {
        var ports = targets;
        if (ports.isEmpty()) {
            incoming.close();
            return;
        }
        incoming.pause();
        var port = ports.get(Math.floorMod(turn.getAndIncrement(), ports.size()));
        client.connect(port, LocalNode.ADDRESS)
                .onSuccess(outgoing -> {
                    incoming.pipeTo(outgoing);
                    outgoing.pipeTo(incoming);
                    outgoing.exceptionHandler(failure -> incoming.close());
                    incoming.exceptionHandler(failure -> outgoing.close());
                })
                .onFailure(failure -> incoming.close());
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }
}
