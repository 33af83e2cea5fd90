package dev.prompttuning.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.prompttuning.api.tuning.PromptTuningJobStatus.AdapterInfo;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Adapters on claims. */
public final class Adapters {
    private Adapters() {}

    /** The adapter lies where the status says, and its files have the digest that the status says. */
    public static void assertOnClaim(TestNamespace namespace, AdapterInfo adapter) {
        try (ClaimFiles files = namespace.files(adapter.claimName())) {
            assertEquals(adapter.digest(), digest(files, adapter.claimName() + "/" + adapter.path()));
        }
    }

    private static String digest(ClaimFiles files, String folder) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(files.read(folder + "/adapter_config.json"));
            sha256.update(files.read(folder + "/adapter_model.safetensors"));
            return "sha256:" + HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
