package dev.prompttuning.transformers.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What has a value. */
@FunctionalInterface
interface Expression {

    Object value(Scope scope);

    /** Tells where an error is, and counts what is done. */
    record Located(Source source, int at, Expression body) implements Expression {

        @Override
        public Object value(Scope scope) {
            try {
                scope.run().budget().enter();
                Object value = body.value(scope);
                scope.run().budget().leave();
                return value;
            } catch (TemplateException e) {
                throw source.locate(at, e);
            }
        }
    }

    record Filter(Expression of, String name, Arguments arguments) implements Expression {

        @Override
        public Object value(Scope scope) {
            return scope.run().filters().apply(name, of.value(scope), arguments.values(scope));
        }
    }

    record Call(Expression target, Arguments arguments) implements Expression {

        @Override
        public Object value(Scope scope) {
            Object called = target.value(scope);
            CallArguments values = arguments.values(scope);
            if (called instanceof Function function) {
                return function.call(values);
            }
            throw Values.wrongType("something that can be called", called);
        }
    }

    /** Arguments of a call, filter or test. */
    record Arguments(List<Expression> positional, Map<String, Expression> named) {

        static final Arguments NONE = new Arguments(List.of(), Map.of());

        CallArguments values(Scope scope) {
            List<Object> values = new ArrayList<>(positional.size());
            positional.forEach(argument -> values.add(argument.value(scope)));
            Map<String, Object> namedValues = new LinkedHashMap<>();
            named.forEach((name, argument) -> namedValues.put(name, argument.value(scope)));
            return new CallArguments(values, namedValues);
        }
    }
}
