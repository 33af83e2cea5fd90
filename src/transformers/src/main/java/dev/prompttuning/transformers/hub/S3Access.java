package dev.prompttuning.transformers.hub;

import dev.prompttuning.transformers.InvalidModelException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * Where S3 is, and who asks it.
 *
 * @param endpoint of a server with S3's interface; empty for AWS
 * @param credentials empty for buckets that anyone may read
 */
public record S3Access(Optional<URI> endpoint, String region, Optional<Credentials> credentials) {
    private static final String REGION = "us-east-1";

    /** AWS, as anyone. */
    public static final S3Access ANONYMOUS = new S3Access(Optional.empty(), REGION, Optional.empty());

    /** @param sessionToken of temporary credentials */
    public record Credentials(String keyId, String secret, Optional<String> sessionToken) {

        /** Without the secrets. */
        @Override
        public String toString() {
            return "Credentials[" + keyId + "]";
        }
    }

    /**
     * From the environment variables that AWS' own tools know: {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY}, {@code
     * AWS_SESSION_TOKEN}, {@code AWS_REGION} or {@code AWS_DEFAULT_REGION}, and {@code AWS_ENDPOINT_URL_S3} or {@code
     * AWS_ENDPOINT_URL}.
     *
     * @throws InvalidModelException when they do not go together
     */
    public static S3Access of(Map<String, String> environment) {
        Optional<String> keyId = value(environment, "AWS_ACCESS_KEY_ID");
        Optional<String> secret = value(environment, "AWS_SECRET_ACCESS_KEY");
        if (keyId.isPresent() != secret.isPresent()) {
            throw new InvalidModelException(
                    "Only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set; set both in pod.env, or neither.");
        }
        return new S3Access(
                value(environment, "AWS_ENDPOINT_URL_S3")
                        .or(() -> value(environment, "AWS_ENDPOINT_URL"))
                        .map(S3Access::endpoint),
                value(environment, "AWS_REGION")
                        .or(() -> value(environment, "AWS_DEFAULT_REGION"))
                        .orElse(REGION),
                keyId.map(id -> new Credentials(id, secret.get(), value(environment, "AWS_SESSION_TOKEN"))));
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    }

    private static URI endpoint(String text) {
        try {
            return HttpSource.checked(URI.create(text));
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException("AWS_ENDPOINT_URL is \"" + text + "\", which is not an address.", e);
        }
    }

    /** Whether the address is one of S3. */
    static boolean isS3(URI address) {
        return "s3".equalsIgnoreCase(address.getScheme());
    }

    /**
     * Where {@code s3://BUCKET/KEY} is asked for: at the endpoint by path; at AWS by the bucket's own name, or by path where that has
     * a dot, which no certificate covers.
     */
    URI http(URI address) {
        String bucket = address.getAuthority();
        String key = address.getPath();
        if (bucket == null || bucket.isEmpty() || key == null || key.length() < 2) {
            throw new InvalidModelException("\"" + address + "\" is not an address in S3; write s3://bucket/key.");
        }
        if (endpoint.isPresent()) {
            String base = endpoint.get().toString().replaceAll("/+$", "");
            return URI.create(base + "/" + bucket + encoded(key));
        }
        String host = "s3." + region + ".amazonaws.com";
        return URI.create(
                bucket.contains(".")
                        ? "https://" + host + "/" + bucket + encoded(key)
                        : "https://" + bucket + "." + host + encoded(key));
    }

    Authorization authorization() {
        return credentials
                .<Authorization>map(known -> new S3Signature(known, region, Clock.systemUTC()))
                .orElse(Authorization.NONE);
    }

    /** As S3 wants paths for its signature: all but unreserved characters and slashes in hexadecimal. */
    private static String encoded(String path) {
        StringBuilder text = new StringBuilder();
        for (byte one : path.getBytes(StandardCharsets.UTF_8)) {
            char letter = (char) (one & 0xFF);
            boolean plain = letter < 128 && (Character.isLetterOrDigit(letter) || "-._~/".indexOf(letter) >= 0);
            text.append(plain ? String.valueOf(letter) : "%%%02X".formatted(one & 0xFF));
        }
        return text.toString();
    }
}
