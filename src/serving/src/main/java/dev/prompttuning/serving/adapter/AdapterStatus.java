package dev.prompttuning.serving.adapter;

/**
 * How it stands with an adapter that is wanted.
 *
 * @param message why it is not loaded; empty when it is
 * @param digest of the loaded files; empty when it is not loaded
 */
public record AdapterStatus(String name, State state, String message, String digest) {

    /** The states of an adapter. */
    public enum State {
        /** Not tried yet, or its folder is not there yet. */
        PENDING,
        LOADED,
        FAILED
    }
}
