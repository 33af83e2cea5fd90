package dev.prompttuning.transformers.chat;

/** A name or attribute that is not there: prints as nothing, is false, and allows nothing else. */
record Undefined(String description) {

    TemplateException error() {
        return TemplateException.of(description);
    }
}
