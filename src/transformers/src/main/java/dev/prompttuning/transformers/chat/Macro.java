package dev.prompttuning.transformers.chat;

import java.util.List;

/** A macro sees the names of the place where it was defined. */
record Macro(List<Parameter> parameters, Statement body, Scope scope) implements Function {

    /** {@code defaultValue} may be null. */
    record Parameter(String name, Expression defaultValue) {}

    /** The same macro with something to call that writes a call block's body. */
    Macro withCaller(Macro caller) {
        Scope named = scope.inner();
        named.set("caller", caller);
        return new Macro(parameters, body, named);
    }

    @Override
    public Object call(CallArguments arguments) {
        Scope inner = scope.inner();
        for (Parameter parameter : parameters) {
            String name = parameter.name();
            if (arguments.has(name)) {
                inner.set(name, arguments.required(name));
            } else if (parameter.defaultValue() != null) {
                inner.set(name, parameter.defaultValue().value(inner));
            } else {
                inner.set(name, new Undefined("parameter '" + name + "' was not provided"));
            }
        }
        arguments.done();
        return scope.run().captured(body, inner);
    }
}
