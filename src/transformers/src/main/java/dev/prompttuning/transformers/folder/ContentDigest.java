package dev.prompttuning.transformers.folder;

import dev.prompttuning.transformers.InvalidModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Sha256 over the names, lengths and bytes of files. */
final class ContentDigest {
    private static final int CHUNK = 1 << 20;

    private ContentDigest() {}

    static String of(List<Path> files) {
        MessageDigest sha256 = sha256();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        files.forEach(file -> add(file, sha256, chunk));
        return "sha256:" + HexFormat.of().formatHex(sha256.digest());
    }

    private static void add(Path file, MessageDigest sha256, ByteBuffer chunk) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            String heading = file.getFileName() + "\n" + channel.size() + "\n";
            sha256.update(heading.getBytes(StandardCharsets.UTF_8));
            while (channel.read(chunk.clear()) >= 0) {
                sha256.update(chunk.flip());
            }
        } catch (IOException e) {
            throw new InvalidModelException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
