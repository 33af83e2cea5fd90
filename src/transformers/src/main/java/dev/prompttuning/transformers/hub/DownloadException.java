package dev.prompttuning.transformers.hub;

/** A download that failed for a reason that may pass, such as the network or a full disk. The message is for people. */
public final class DownloadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean network;

    public DownloadException(String message) {
        super(message);
        this.network = false;
    }

    public DownloadException(String message, Throwable cause) {
        this(message, cause, false);
    }

    DownloadException(String message, Throwable cause, boolean network) {
        super(message, cause);
        this.network = network;
    }

    /** Whether the server could not be reached, or broke off again and again. */
    boolean isOfNetwork() {
        return network;
    }
}
