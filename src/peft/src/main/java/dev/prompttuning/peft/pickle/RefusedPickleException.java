package dev.prompttuning.peft.pickle;

/** Why a file is not loaded; the message continues a sentence that begins with the file's name. */
final class RefusedPickleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedPickleException(String message) {
        super(message);
    }

    static RefusedPickleException malformed(String what) {
        return new RefusedPickleException("is damaged (" + what + ")");
    }

    /** A refusal that quotes text of the file, which may be anything and of any length. */
    static RefusedPickleException asking(String name) {
        String printable = name.replaceAll("[^\\w.<>-]", "?");
        String quoted = printable.length() > 100 ? printable.substring(0, 100) + "..." : printable;
        return new RefusedPickleException("asks for " + quoted + ", which no tensor file needs");
    }
}
