package dev.prompttuning.serving.causal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** {@code sha256:…} over an adapter's configuration and weights, one after the other. */
final class AdapterDigest {
    private static final List<String> FILES =
            List.of("adapter_config.json", "adapter_model.safetensors", "adapter_model.bin");

    private AdapterDigest() {}

    static String of(Path folder) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (String name : FILES) {
                if (Files.isRegularFile(folder.resolve(name))) {
                    sha256.update(Files.readAllBytes(folder.resolve(name)));
                }
            }
            return "sha256:" + HexFormat.of().formatHex(sha256.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
