package dev.prompttuning.training;

import ai.djl.ndarray.NDArray;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** Identifies runs that would end the same: what does not change the outcome, such as how often to log, is left out. */
final class Fingerprint {

    private Fingerprint() {}

    static String of(TrainingSettings settings, String setup, Map<String, NDArray> parameters) {
        StringBuilder text = new StringBuilder(setup);
        text.append('\n').append(settings.batches());
        text.append('\n').append(settings.optimization());
        text.append('\n').append(settings.evaluation());
        text.append('\n').append(settings.seed());
        parameters.forEach(
                (name, parameter) -> text.append('\n').append(name).append(' ').append(parameter.getShape()));
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] digest = sha256.digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
