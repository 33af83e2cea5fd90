package dev.prompttuning.transformers.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The hub's entity tags name the content: sha256 of large files, git's blob id of small ones. */
final class Checksum {
    private Checksum() {}

    /** Whether the tag is not a content name, or is this file's. */
    static boolean agrees(String etag, Path file) throws IOException {
        if (etag.matches("[0-9a-f]{64}")) {
            return etag.equals(sha256(file));
        }
        if (etag.matches("[0-9a-f]{40}")) {
            String heading = "blob " + Files.size(file) + "\0";
            return etag.equals(hash("SHA-1", heading.getBytes(StandardCharsets.US_ASCII), file));
        }
        return true;
    }

    /** SHA-256 in hexadecimal. */
    static String sha256(Path file) throws IOException {
        return hash("SHA-256", new byte[0], file);
    }

    /** MD5 in hexadecimal. */
    static String md5(Path file) throws IOException {
        return hash("MD5", new byte[0], file);
    }

    private static String hash(String algorithm, byte[] heading, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(heading);
            ByteBuffer chunk = ByteBuffer.allocate(1 << 20);
            while (channel.read(chunk.clear()) >= 0) {
                digest.update(chunk.flip());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
