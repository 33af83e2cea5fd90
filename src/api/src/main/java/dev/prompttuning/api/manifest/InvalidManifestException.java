package dev.prompttuning.api.manifest;

/** A manifest that cannot be used; the message is one sentence for the person who wrote it. */
public class InvalidManifestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidManifestException(String message) {
        super(message);
    }
}
