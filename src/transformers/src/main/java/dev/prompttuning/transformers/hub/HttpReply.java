package dev.prompttuning.transformers.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.util.Optional;

/**
 * The final reply behind any redirects.
 *
 * @param connection the connection that answered
 * @param status its status
 * @param etag the entity tag without quotes; where the hub redirects to a large file's storage, the one the hub gave
 */
record HttpReply(HttpURLConnection connection, int status, Optional<String> etag) implements AutoCloseable {

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

    /** Whether asking again later may help. */
    boolean transientFailure() {
        return status == 408 || status == 429 || status >= 500;
    }

    @Override
    public void close() {
        connection.disconnect();
    }
}
