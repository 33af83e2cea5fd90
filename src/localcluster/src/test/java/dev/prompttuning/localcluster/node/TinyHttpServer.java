package dev.prompttuning.localcluster.node;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a test's web container runs: answers with {@code REPLY}, and is ready while a mounted file says "yes". */
final class TinyHttpServer {

    private TinyHttpServer() {}

    public static void main(String[] args) throws IOException {
        var port = Integer.parseInt(System.getenv("PORT_8080"));
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        var switchFile = System.getenv("READY_FILE");
        server.createContext("/", exchange -> {
            var ready = switchFile == null
                    || Files.readString(Path.of(switchFile)).strip().equals("yes");
            var probe = exchange.getRequestURI().getPath().equals("/ready");
            var reply = System.getenv().getOrDefault("REPLY", "").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Connection", "close");
            exchange.sendResponseHeaders(probe && !ready ? 503 : 200, reply.length == 0 ? -1 : reply.length);
            exchange.getResponseBody().write(reply);
            exchange.close();
        });
        server.start();
    }
}
