package dev.prompttuning.transformers.hub;

/** A download that failed for a reason that may pass, such as the network or a full disk. The message is for people. */
public final class DownloadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DownloadException(String message) {
        super(message);
    }

    public DownloadException(String message, Throwable cause) {
        super(message, cause);
    }
}
