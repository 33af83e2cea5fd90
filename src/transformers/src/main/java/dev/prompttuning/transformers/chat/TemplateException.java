package dev.prompttuning.transformers.chat;

/** A template that cannot be read or rendered, or one that refuses the conversation by {@code raise_exception}. */
public final class TemplateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean refused;
    private final int line;
    private final int column;

    private TemplateException(String message, boolean refused, int line, int column) {
        super(message, null, false, false);
        this.refused = refused;
        this.line = line;
        this.column = column;
    }

    /** A fault whose place the interpreter adds. */
    static TemplateException of(String message) {
        return new TemplateException(message, false, 0, 0);
    }

    /** The template's own words to the user. */
    static TemplateException refusal(String message) {
        return new TemplateException(message, true, 0, 0);
    }

    TemplateException at(int newLine, int newColumn) {
        if (line > 0) {
            return this;
        }
        String message = refused
                ? getMessage()
                : "chat template, line " + newLine + ", column " + newColumn + ": " + getMessage();
        return new TemplateException(message, refused, newLine, newColumn);
    }

    /** True when the template itself refused the conversation: the message is the template author's. */
    public boolean refused() {
        return refused;
    }

    /** 1-based; 0 when unknown. */
    public int line() {
        return line;
    }

    /** 1-based; 0 when unknown. */
    public int column() {
        return column;
    }
}
