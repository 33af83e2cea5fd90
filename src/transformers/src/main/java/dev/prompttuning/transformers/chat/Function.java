package dev.prompttuning.transformers.chat;

/** What a template can call. */
@FunctionalInterface
interface Function {

    Object call(CallArguments arguments);
}
