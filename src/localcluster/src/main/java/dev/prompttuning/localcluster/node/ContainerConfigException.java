package dev.prompttuning.localcluster.node;

/** A container cannot be started as its pod is now; the message says what is missing or refused. */
final class ContainerConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ContainerConfigException(String message) {
        super(message);
    }
}
