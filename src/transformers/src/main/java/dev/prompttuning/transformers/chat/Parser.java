package dev.prompttuning.transformers.chat;

import dev.prompttuning.transformers.chat.Macro.Parameter;
import dev.prompttuning.transformers.chat.Statement.Flow;
import dev.prompttuning.transformers.chat.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Statements. */
final class Parser {

    private static final int MAX_DEPTH = 100;
    private static final Set<String> RESERVED =
            Set.of("true", "false", "none", "True", "False", "None", "not", "in", "is", "and", "or", "if");
    /** Under this name a block's text is handed to its filters; no template can write such a name. */
    private static final String BODY = "<body>";

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int depth;
    private int loops;

    private Parser(Source source) {
        tokens = new TokenStream(source);
        expressions = new ExpressionParser(tokens);
    }

    static Statement parse(Source source) {
        Parser parser = new Parser(source);
        Statement template = parser.statements(Set.of());
        if (parser.tokens.peek().kind() != Kind.END) {
            throw parser.tokens.unexpected(parser.tokens.peek());
        }
        return template;
    }

    /** Up to a block that begins with one of these names; that name is then the next token. */
    private Statement statements(Set<String> ends) {
        if (++depth > MAX_DEPTH) {
            throw tokens.error("blocks are nested deeper than " + MAX_DEPTH);
        }
        List<Statement> found = new ArrayList<>();
        Token token = tokens.next();
        while (token.kind() != Kind.BLOCK_BEGIN || !startsWith(ends)) {
            if (token.kind() == Kind.TEXT) {
                found.add(writing(token, token.text()));
            } else if (token.kind() == Kind.OUTPUT_BEGIN) {
                found.add(output(token));
            } else if (token.kind() == Kind.BLOCK_BEGIN) {
                Token name = tokens.expectName();
                found.add(tokens.statement(name, block(name)));
            } else if (ends.isEmpty()) {
                break;
            } else {
                throw tokens.error(token, "expected one of " + new TreeSet<>(ends) + ", found the " + token.text());
            }
            token = tokens.next();
        }
        depth--;
        return Statement.sequence(found);
    }

    private boolean startsWith(Set<String> names) {
        return tokens.peek().kind() == Kind.NAME && names.contains(tokens.peek().text());
    }

    private Statement writing(Token token, String text) {
        return tokens.statement(token, scope -> {
            scope.run().write(text);
            return Flow.NEXT;
        });
    }

    private Statement output(Token begin) {
        Expression value = withoutSafe(expressions.expressionOrTuple());
        tokens.expect(Kind.OUTPUT_END);
        return tokens.statement(begin, scope -> {
            scope.run().write(value.value(scope));
            return Flow.NEXT;
        });
    }

    /** {@code {{ x | safe }}}: nothing is escaped, so at the end of an output it means nothing. */
    private static Expression withoutSafe(Expression value) {
        return value instanceof Expression.Located located
                        && located.body() instanceof Expression.Filter filter
                        && filter.name().equals("safe")
                ? filter.of()
                : value;
    }

    private Statement block(Token name) {
        return switch (name.text()) {
            case "if" -> branches();
            case "for" -> loop();
            case "set" -> set(name);
            case "macro" -> macro();
            case "call" -> call(name);
            case "filter" -> filter();
            case "with" -> with();
            case "generation" -> generation();
            case "break" -> loopControl(name, Flow.BREAK);
            case "continue" -> loopControl(name, Flow.CONTINUE);
            default -> throw tokens.error(name, "unknown or misplaced tag '" + name.text() + "'");
        };
    }

    private Statement body(String end) {
        Statement body = statements(Set.of(end));
        tokens.next();
        if (end.equals("endmacro") && tokens.peek().kind() == Kind.NAME) {
            tokens.next();
        }
        tokens.expect(Kind.BLOCK_END);
        return body;
    }

    /** A body that break and continue cannot leave. */
    private Statement nested(String end) {
        tokens.expect(Kind.BLOCK_END);
        int outer = loops;
        loops = 0;
        Statement body = body(end);
        loops = outer;
        return body;
    }

    private Statement loopControl(Token name, Flow flow) {
        if (loops == 0) {
            throw tokens.error(name, "'" + name.text() + "' outside a loop");
        }
        tokens.expect(Kind.BLOCK_END);
        return scope -> flow;
    }

    private Statement generation() {
        tokens.expect(Kind.BLOCK_END);
        Statement body = body("endgeneration");
        return scope -> scope.run().generation(body, scope.inner());
    }

    private Statement branches() {
        Map<Expression, Statement> branches = new LinkedHashMap<>();
        String part = "if";
        while (part.equals("if") || part.equals("elif")) {
            Expression condition = expressions.expressionOrTuple();
            tokens.expect(Kind.BLOCK_END);
            branches.put(condition, statements(Set.of("elif", "else", "endif")));
            part = tokens.next().text();
        }
        tokens.expect(Kind.BLOCK_END);
        Statement otherwise = part.equals("else") ? body("endif") : Statement.sequence(List.of());
        return scope -> {
            for (Map.Entry<Expression, Statement> branch : branches.entrySet()) {
                if (Values.isTrue(branch.getKey().value(scope))) {
                    return branch.getValue().run(scope);
                }
            }
            return otherwise.run(scope);
        };
    }

    private Statement loop() {
        List<String> names = targets();
        tokens.expectKeyword("in");
        Expression items = expressions.unconditional();
        Expression filter = tokens.skipName("if") ? expressions.expression() : scope -> true;
        if (tokens.isName("recursive")) {
            throw tokens.error("recursive loops are not supported");
        }
        tokens.expect(Kind.BLOCK_END);
        loops++;
        Statement body = statements(Set.of("else", "endfor"));
        loops--;
        boolean hasElse = tokens.next().text().equals("else");
        tokens.expect(Kind.BLOCK_END);
        Statement otherwise = hasElse ? body("endfor") : Statement.sequence(List.of());
        return scope -> Loop.run(names, wanted(names, items, filter, scope), body, otherwise, scope);
    }

    private static List<Object> wanted(List<String> names, Expression items, Expression filter, Scope scope) {
        List<Object> wanted = new ArrayList<>();
        for (Object item : Values.items(items.value(scope))) {
            Scope inner = scope.inner();
            inner.set(names, item);
            if (Values.isTrue(filter.value(inner))) {
                wanted.add(item);
            }
        }
        return wanted;
    }

    private List<String> targets() {
        boolean parenthesised = tokens.skipOperator("(");
        List<String> names = new ArrayList<>();
        do {
            names.add(target());
        } while (tokens.skipOperator(","));
        if (parenthesised) {
            tokens.expectOperator(")");
        }
        return List.copyOf(names);
    }

    private String target() {
        Token name = tokens.expectName();
        if (RESERVED.contains(name.text())) {
            throw tokens.error(name, "cannot assign to '" + name.text() + "'");
        }
        return name.text();
    }

    private Statement set(Token start) {
        List<String> names = targets();
        if (names.size() == 1 && tokens.skipOperator(".")) {
            String attribute = tokens.expectName().text();
            Expression value = assigned();
            return scope -> {
                if (!(scope.get(names.get(0)) instanceof Namespace namespace)) {
                    throw TemplateException.of("'" + names.get(0) + "' is not a namespace; its attributes stay");
                }
                namespace.attributes().put(attribute, value.value(scope));
                return Flow.NEXT;
            };
        }
        Expression value = tokens.isOperator("=") || names.size() > 1 ? assigned() : filtered(bodyOf(start), "endset");
        return scope -> {
            scope.set(names, value.value(scope));
            return Flow.NEXT;
        };
    }

    private Expression assigned() {
        tokens.expectOperator("=");
        Expression value = expressions.expressionOrTuple();
        tokens.expect(Kind.BLOCK_END);
        return value;
    }

    private Expression bodyOf(Token start) {
        return tokens.expression(start, scope -> scope.get(BODY));
    }

    /** The text of the block up to {@code end}, through the filters that its tag names. */
    private Expression filtered(Expression first, String end) {
        Expression filters = first;
        while (tokens.skipOperator("|")) {
            filters = expressions.filter(filters);
        }
        Expression all = filters;
        Statement body = nested(end);
        return scope -> {
            Scope inner = scope.inner();
            inner.set(BODY, scope.run().captured(body, scope.inner()));
            return all.value(inner);
        };
    }

    private Statement filter() {
        Expression filtered = filtered(expressions.filter(bodyOf(tokens.peek())), "endfilter");
        return scope -> {
            scope.run().write(filtered.value(scope));
            return Flow.NEXT;
        };
    }

    private Statement macro() {
        String name = target();
        List<Parameter> parameters = parameters();
        Statement body = nested("endmacro");
        return scope -> {
            scope.set(name, new Macro(parameters, body, scope));
            return Flow.NEXT;
        };
    }

    private List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        tokens.expectOperator("(");
        tokens.separated(")", () -> {
            String name = target();
            parameters.add(new Parameter(name, tokens.skipOperator("=") ? expressions.expression() : null));
        });
        return List.copyOf(parameters);
    }

    private Statement call(Token start) {
        List<Parameter> parameters = tokens.isOperator("(") ? parameters() : List.of();
        if (!(expressions.expression() instanceof Expression.Located located)
                || !(located.body() instanceof Expression.Call call)) {
            throw tokens.error(start, "a call block must call a macro");
        }
        Statement body = nested("endcall");
        return scope -> {
            if (!(call.target().value(scope) instanceof Macro macro)) {
                throw TemplateException.of("a call block must call a macro");
            }
            Macro caller = new Macro(parameters, body, scope);
            scope.run().write(macro.withCaller(caller).call(call.arguments().values(scope)));
            return Flow.NEXT;
        };
    }

    private Statement with() {
        List<String> names = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (tokens.peek().kind() != Kind.BLOCK_END) {
            if (!names.isEmpty()) {
                tokens.expectOperator(",");
            }
            names.add(target());
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        tokens.next();
        Statement body = body("endwith");
        return scope -> {
            Scope inner = scope.inner();
            for (int i = 0; i < names.size(); i++) {
                inner.set(names.get(i), values.get(i).value(scope));
            }
            return body.run(inner);
        };
    }
}
