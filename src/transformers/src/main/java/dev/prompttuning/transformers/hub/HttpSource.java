package dev.prompttuning.transformers.hub;

import dev.prompttuning.transformers.InvalidModelException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** GET requests with redirects followed by hand: the token must not reach another host. */
record HttpSource(Authorization authorization, Duration timeout) {
    private static final int MAX_REDIRECTS = 8;

    HttpSource(Optional<String> token, Duration timeout) {
        this(Authorization.bearer(token), timeout);
    }

    /** The address, when this class can ask it. */
    static URI checked(URI address) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if (!Set.of("http", "https").contains(scheme) || address.getAuthority() == null) {
            throw new InvalidModelException(
                    "\"" + address + "\" is not an http or https address, such as https://example.com/models.");
        }
        return address;
    }

    HttpReply get(URI uri, Map<String, String> headers) throws IOException {
        URI at = uri;
        Optional<String> linkedTag = Optional.empty();
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            HttpURLConnection connection = open(at, headers, sameHost(uri, at));
            int status = connection.getResponseCode();
            linkedTag = linkedTag.or(() -> tag(connection.getHeaderField("x-linked-etag")));
            String location = connection.getHeaderField("Location");
            if (status / 100 != 3 || status == HttpURLConnection.HTTP_NOT_MODIFIED || location == null) {
                return new HttpReply(connection, status, linkedTag.or(() -> tag(connection.getHeaderField("ETag"))));
            }
            connection.disconnect();
            at = follow(at, location);
        }
        throw new IOException("more than " + MAX_REDIRECTS + " redirects");
    }

    private static URI follow(URI from, String location) throws IOException {
        try {
            return from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new IOException("a redirect leads to \"" + location + "\", which is not an address", e);
        }
    }

    private HttpURLConnection open(URI uri, Map<String, String> headers, boolean withToken) throws IOException {
        if (!(uri.toURL().openConnection() instanceof HttpURLConnection connection)) {
            throw new IOException("a redirect leads to " + uri + ", which is not HTTP");
        }
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout((int) timeout.toMillis());
        connection.setReadTimeout((int) timeout.toMillis());
        connection.setRequestProperty("User-Agent", "prompt-tuning-operator");
        connection.setRequestProperty("Accept-Encoding", "identity");
        headers.forEach(connection::setRequestProperty);
        if (withToken) {
            authorization.headers(uri, headers).forEach(connection::setRequestProperty);
        }
        return connection;
    }

    private static boolean sameHost(URI first, URI second) {
        return first.getScheme().equalsIgnoreCase(second.getScheme())
                && first.getAuthority().equalsIgnoreCase(second.getAuthority());
    }

    private static Optional<String> tag(String header) {
        return Optional.ofNullable(header)
                .map(value -> value.replaceFirst("^W/", "").replace("\"", ""));
    }
}
