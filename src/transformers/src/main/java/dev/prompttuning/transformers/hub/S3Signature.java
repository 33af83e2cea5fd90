package dev.prompttuning.transformers.hub;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs GET requests to S3.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">AWS Signature Version 4</a>
 */
record S3Signature(S3Access.Credentials credentials, String region, Clock clock) implements Authorization {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";

    @Override
    public Map<String, String> headers(URI uri, Map<String, String> headers) {
        String time = TIME.format(clock.instant());
        Map<String, String> added = new HashMap<>();
        added.put("x-amz-date", time);
        added.put("x-amz-content-sha256", sha256(""));
        credentials.sessionToken().ifPresent(token -> added.put("x-amz-security-token", token));
        TreeMap<String, String> signed = new TreeMap<>();
        headers.forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), value));
        signed.putAll(added);
        signed.put("host", host(uri));
        String names = String.join(";", signed.keySet());
        String scope = time.substring(0, 8) + "/" + region + "/s3/aws4_request";
        String text = String.join("\n", ALGORITHM, time, scope, sha256(canonical(uri, signed, names)));
        added.put(
                "Authorization",
                "%s Credential=%s/%s,SignedHeaders=%s,Signature=%s"
                        .formatted(ALGORITHM, credentials.keyId(), scope, names, signature(scope, text)));
        return added;
    }

    private String canonical(URI uri, Map<String, String> signed, String names) {
        String lines = signed.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue().strip() + "\n")
                .collect(Collectors.joining());
        return String.join("\n", "GET", uri.getRawPath(), "", lines, names, sha256(""));
    }

    private String signature(String scope, String text) {
        byte[] key = ("AWS4" + credentials.secret()).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/")) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, text));
    }

    /** As {@link java.net.HttpURLConnection} sends it. */
    private static String host(URI uri) {
        int usual = uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
        return uri.getPort() == -1 || uri.getPort() == usual ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
