package dev.prompttuning.operator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names that fit where Kubernetes allows fewer characters. */
public final class ShortNames {
    private static final int HASH = 8;

    private ShortNames() {}

    /** The name itself, or its beginning and a hash of it when it is longer than {@code limit}. */
    public static String of(String name, int limit) {
        return name.length() <= limit ? name : name.substring(0, limit - HASH - 1) + "-" + hash(name);
    }

    /** Eight hexadecimal digits that change when the text does. */
    public static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH / 2);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
