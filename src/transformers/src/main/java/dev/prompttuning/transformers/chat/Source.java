package dev.prompttuning.transformers.chat;

/** The template's text with Jinja's newline rules applied, and where in it something is. */
record Source(String text) {

    static Source of(String template) {
        String text = template.replace("\r\n", "\n").replace('\r', '\n');
        return new Source(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
    }

    TemplateException error(int at, String message) {
        return locate(at, TemplateException.of(message));
    }

    TemplateException locate(int at, TemplateException fault) {
        int end = Math.min(at, text.length());
        int line =
                1 + (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
        return fault.at(line, end - text.lastIndexOf('\n', end - 1));
    }
}
