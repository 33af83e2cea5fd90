package dev.prompttuning.transformers.chat;

import java.util.List;

/** What writes, or changes names. */
@FunctionalInterface
interface Statement {

    /** How a statement ended. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    Flow run(Scope scope);

    /** One after another, until one breaks off. */
    static Statement sequence(List<Statement> statements) {
        List<Statement> all = List.copyOf(statements);
        return scope -> {
            for (Statement statement : all) {
                Flow flow = statement.run(scope);
                if (flow != Flow.NEXT) {
                    return flow;
                }
            }
            return Flow.NEXT;
        };
    }

    /** Tells where an error is, and counts what is done. */
    record Located(Source source, int at, Statement body) implements Statement {

        @Override
        public Flow run(Scope scope) {
            try {
                scope.run().budget().enter();
                Flow flow = body.run(scope);
                scope.run().budget().leave();
                return flow;
            } catch (TemplateException e) {
                throw source.locate(at, e);
            }
        }
    }
}
