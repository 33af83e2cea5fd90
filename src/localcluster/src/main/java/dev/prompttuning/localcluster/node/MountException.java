package dev.prompttuning.localcluster.node;

/** A volume or a reference of a pod cannot be set up now; the message says what is missing or refused. */
final class MountException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MountException(String message) {
        super(message);
    }
}
