package dev.prompttuning.transformers.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** The hub's interface on loopback, with a model and a data set; large files lie on another host, as on the hub. Serves /plain/ and S3's bucket too. */
final class FakeHub implements AutoCloseable {
    static final String REPO = "org/tiny";
    static final String DATASET = "org/rows";
    static final String BUCKET = "bucket";
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** Files by name. */
    final Map<String, byte[]> files = new ConcurrentHashMap<>();
    /** The data set's files by path. */
    final Map<String, byte[]> rows = new ConcurrentHashMap<>();
    /** Path and range of each request. */
    final List<String> requests = new CopyOnWriteArrayList<>();
    /** How many of the next replies end after half of their bytes. */
    final AtomicInteger breakOff = new AtomicInteger();
    /** When not 200, the answer to everything. */
    volatile int status = 200;

    volatile String errorCode = "";
    volatile String requiredToken = "";
    volatile boolean wrongChecksums;
    /** Who may read the bucket; anyone when empty. */
    volatile String requiredKeyId = "";
    /** The bucket's region, where requests for another one are told so. */
    volatile String region = "us-east-1";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    FakeHub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<String> requestsFor(String name) {
        return requests.stream().filter(request -> request.contains(name)).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String range = exchange.getRequestHeaders().getFirst("Range");
            requests.add(path + (range == null ? "" : " " + range));
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (path.startsWith("/storage/")) {
                // Pre-signed addresses refuse a token, and must not learn it.
                send(exchange, authorization == null ? 200 : 400, files.get(path.substring(9)), "");
            } else if (status != 200) {
                exchange.getResponseHeaders().set("X-Error-Code", errorCode);
                exchange.sendResponseHeaders(status, -1);
            } else if (!requiredToken.isEmpty() && !("Bearer " + requiredToken).equals(authorization)) {
                exchange.sendResponseHeaders(401, -1);
            } else if (path.equals("/api/models/" + REPO + "/revision/main")) {
                send(exchange, 200, listing(files), "");
            } else if (path.equals("/api/datasets/" + DATASET + "/revision/main")) {
                send(exchange, 200, listing(rows), "");
            } else if (path.startsWith("/datasets/" + DATASET)) {
                resolve(exchange, path, "/datasets/" + DATASET, rows);
            } else if (path.startsWith("/" + BUCKET + "/")) {
                s3(exchange, files.get(path.substring(BUCKET.length() + 2)), authorization);
            } else if (path.startsWith("/plain/")) {
                byte[] content = files.get(path.substring(7));
                send(
                        exchange,
                        content == null ? 404 : 200,
                        content,
                        content == null ? "" : sha256(content).substring(0, 9));
            } else {
                resolve(exchange, path, "/" + REPO, files);
            }
        }
    }

    private void s3(HttpExchange exchange, byte[] content, String authorization) throws IOException {
        String said = String.valueOf(authorization);
        if (!said.contains("/" + region + "/s3/aws4_request") && !requiredKeyId.isEmpty() && authorization != null) {
            exchange.getResponseHeaders().set("x-amz-bucket-region", region);
            error(exchange, 400, "AuthorizationHeaderMalformed");
        } else if (!requiredKeyId.isEmpty() && !said.startsWith("AWS4-HMAC-SHA256 Credential=" + requiredKeyId + "/")) {
            error(exchange, 403, "AccessDenied");
        } else if (content == null) {
            error(exchange, 404, "NoSuchKey");
        } else {
            send(exchange, 200, content, wrongChecksums ? "0".repeat(32) : hash("MD5", content));
        }
    }

    private static void error(HttpExchange exchange, int code, String name) throws IOException {
        byte[] body = "<Error><Code>%s</Code></Error>".formatted(name).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, body.length);
        exchange.getResponseBody().write(body);
    }

    private void resolve(HttpExchange exchange, String path, String repo, Map<String, byte[]> from) throws IOException {
        String prefix = repo + "/resolve/" + COMMIT + "/";
        byte[] content = path.startsWith(prefix) ? from.get(path.substring(prefix.length())) : null;
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
        } else if (path.endsWith(".safetensors")) {
            String etag = wrongChecksums ? "0".repeat(64) : sha256(content);
            exchange.getResponseHeaders().set("x-linked-etag", "\"" + etag + "\"");
            String host = "http://localhost:" + server.getAddress().getPort();
            exchange.getResponseHeaders().set("Location", host + "/storage/" + path.substring(prefix.length()));
            exchange.sendResponseHeaders(302, -1);
        } else {
            byte[] heading = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
            byte[] blob = Arrays.copyOf(heading, heading.length + content.length);
            System.arraycopy(content, 0, blob, heading.length, content.length);
            send(exchange, 200, content, hash("SHA-1", blob));
        }
    }

    private void send(HttpExchange exchange, int code, byte[] content, String etag) throws IOException {
        if (!etag.isEmpty()) {
            exchange.getResponseHeaders().set("ETag", "\"" + etag + "\"");
            if (("\"" + etag + "\"").equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
                return;
            }
        }
        if (code != 200) {
            exchange.sendResponseHeaders(code, -1);
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        byte[] part = Arrays.copyOfRange(content, from, content.length);
        exchange.sendResponseHeaders(range == null ? 200 : 206, part.length);
        boolean whole = part.length < 1000 || breakOff.getAndUpdate(left -> Math.max(0, left - 1)) == 0;
        OutputStream body = exchange.getResponseBody();
        body.write(part, 0, whole ? part.length : part.length / 2);
        body.flush();
    }

    private static byte[] listing(Map<String, byte[]> of) {
        String siblings = of.keySet().stream()
                .sorted()
                .map("{\"rfilename\":\"%s\"}"::formatted)
                .collect(Collectors.joining(","));
        return "{\"sha\":\"%s\",\"siblings\":[%s]}".formatted(COMMIT, siblings).getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] content) {
        return hash("SHA-256", content);
    }

    private static String hash(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
