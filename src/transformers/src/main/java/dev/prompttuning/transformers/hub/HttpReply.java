package dev.prompttuning.transformers.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The final reply behind any redirects.
 *
 * @param connection the connection that answered
 * @param status its status
 * @param etag the entity tag without quotes; where the hub redirects to a large file's storage, the one the hub gave
 */
record HttpReply(HttpURLConnection connection, int status, Optional<String> etag) implements AutoCloseable {
    private static final Pattern S3_CODE = Pattern.compile("<Code>(\\w+)</Code>");

    Optional<String> header(String name) {
        return Optional.ofNullable(connection.getHeaderField(name));
    }

    /** The bytes that follow, or -1 where the server does not tell. */
    long contentLength() {
        return connection.getContentLengthLong();
    }

    InputStream body() throws IOException {
        return connection.getInputStream();
    }

    /** What the server calls the failure: the hub's {@code X-Error-Code}, or the {@code Code} of S3's answer; empty without either. */
    String errorCode() throws IOException {
        Optional<String> code = header("X-Error-Code");
        if (code.isPresent()) {
            return code.get();
        }
        try (InputStream body = connection.getErrorStream()) {
            if (body == null) {
                return "";
            }
            Matcher found = S3_CODE.matcher(new String(body.readNBytes(4096), StandardCharsets.UTF_8));
            return found.find() ? found.group(1) : "";
        }
    }

    /** Whether asking again later may help. */
    boolean transientFailure() {
        return status == 408 || status == 429 || status >= 500;
    }

    @Override
    public void close() {
        connection.disconnect();
    }
}
