package dev.prompttuning.localcluster.node;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A local TCP port whose connections go to local ports in turn. */
final class PortProxy implements AutoCloseable {

    private final NetServer server;
    private final NetClient client;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile List<Integer> targets = List.of();

    PortProxy(Vertx vertx) {
        client = vertx.createNetClient();
        server = vertx.createNetServer().connectHandler(this::forward);
        server.listen(0, LocalNode.ADDRESS)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    int port() {
        return server.actualPort();
    }

    void forwardTo(List<Integer> ports) {
        targets = ports;
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
