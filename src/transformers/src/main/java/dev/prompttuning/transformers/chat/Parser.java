package dev.prompttuning.transformers.chat;

import dev.prompttuning.transformers.chat.Statement.Branch;
import dev.prompttuning.transformers.chat.Statement.Parameter;
import dev.prompttuning.transformers.chat.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Statements. */
final class Parser {

    private static final int MAX_DEPTH = 100;

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int depth;
    private int loops;

    private Parser(Source source) {
        tokens = new TokenStream(source);
        expressions = new ExpressionParser(tokens);
    }

    static List<Statement> parse(Source source) {
        Parser parser = new Parser(source);
        List<Statement> template = parser.statements(Set.of());
        if (parser.tokens.peek().kind() != Kind.END) {
            throw parser.tokens.unexpected(parser.tokens.peek());
        }
        return template;
    }

    /** Up to a block that begins with one of these names; that name is then the next token. */
    private List<Statement> statements(Set<String> ends) {
        if (++depth > MAX_DEPTH) {
            throw tokens.error("blocks are nested deeper than " + MAX_DEPTH);
        }
        List<Statement> found = new ArrayList<>();
        while (true) {
            Token token = tokens.next();
            switch (token.kind()) {
                case TEXT -> found.add(new Statement.Literal(token.at(), token.text()));
                case OUTPUT_BEGIN -> {
                    found.add(new Statement.Output(token.at(), expressions.expressionOrTuple()));
                    tokens.expect(Kind.OUTPUT_END);
                }
                case BLOCK_BEGIN -> {
                    if (tokens.peek().kind() == Kind.NAME
                            && ends.contains(tokens.peek().text())) {
                        depth--;
                        return List.copyOf(found);
                    }
                    found.add(block());
                }
                default -> {
                    if (!ends.isEmpty()) {
                        throw tokens.error(
                                token, "expected one of " + new TreeSet<>(ends) + ", found the " + token.text());
                    }
                    depth--;
                    return List.copyOf(found);
                }
            }
        }
    }

    private Statement block() {
        Token name = tokens.expectName();
        return switch (name.text()) {
            case "if" -> ifBlock(name);
            case "for" -> forBlock(name);
            case "set" -> set(name);
            case "macro" -> macro(name);
            case "call" -> call(name);
            case "filter" -> filter(name);
            case "with" -> with(name);
            case "generation" -> {
                tokens.expect(Kind.BLOCK_END);
                yield new Statement.Generation(name.at(), body("endgeneration"));
            }
            case "break", "continue" -> loopControl(name);
            default -> throw tokens.error(name, "unknown or misplaced tag '" + name.text() + "'");
        };
    }

    private List<Statement> body(String end) {
        List<Statement> body = statements(Set.of(end));
        tokens.next();
        if (end.equals("endmacro") && tokens.peek().kind() == Kind.NAME) {
            tokens.next();
        }
        tokens.expect(Kind.BLOCK_END);
        return body;
    }

    private Statement loopControl(Token name) {
        if (loops == 0) {
            throw tokens.error(name, "'" + name.text() + "' outside a loop");
        }
        tokens.expect(Kind.BLOCK_END);
        return name.text().equals("break") ? new Statement.Break(name.at()) : new Statement.Continue(name.at());
    }

    private Statement ifBlock(Token start) {
        List<Branch> branches = new ArrayList<>();
        List<Statement> otherwise = List.of();
        String part = "if";
        while (!part.equals("endif")) {
            if (part.equals("else")) {
                tokens.expect(Kind.BLOCK_END);
                otherwise = statements(Set.of("endif"));
            } else {
                Expression condition = expressions.expressionOrTuple();
                tokens.expect(Kind.BLOCK_END);
                branches.add(new Branch(condition, statements(Set.of("elif", "else", "endif"))));
            }
            part = tokens.next().text();
        }
        tokens.expect(Kind.BLOCK_END);
        return new Statement.If(start.at(), List.copyOf(branches), otherwise);
    }

    private Statement forBlock(Token start) {
        List<String> names = targets();
        tokens.expectKeyword("in");
        Expression items = expressions.expression(false);
        Expression filter = tokens.skipName("if") ? expressions.expression() : null;
        if (tokens.isName("recursive")) {
            throw tokens.error("recursive loops are not supported");
        }
        tokens.expect(Kind.BLOCK_END);
        loops++;
        List<Statement> body = statements(Set.of("else", "endfor"));
        loops--;
        List<Statement> otherwise = List.of();
        if (tokens.next().text().equals("else")) {
            tokens.expect(Kind.BLOCK_END);
            otherwise = statements(Set.of("endfor"));
            tokens.next();
        }
        tokens.expect(Kind.BLOCK_END);
        return new Statement.For(start.at(), names, items, filter, body, otherwise);
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
        if (Set.of("true", "false", "none", "True", "False", "None", "not", "in", "is", "and", "or", "if")
                .contains(name.text())) {
            throw tokens.error(name, "cannot assign to '" + name.text() + "'");
        }
        return name.text();
    }

    private Statement set(Token start) {
        List<String> names = targets();
        if (names.size() == 1 && tokens.skipOperator(".")) {
            String attribute = tokens.expectName().text();
            tokens.expectOperator("=");
            Expression value = expressions.expressionOrTuple();
            tokens.expect(Kind.BLOCK_END);
            return new Statement.AssignAttribute(start.at(), names.get(0), attribute, value);
        }
        if (tokens.skipOperator("=")) {
            Expression value = expressions.expressionOrTuple();
            tokens.expect(Kind.BLOCK_END);
            return new Statement.Assign(start.at(), names, value);
        }
        if (names.size() > 1) {
            throw tokens.error("expected '='");
        }
        Expression filtered = new Expression.Name(start.at(), Statement.BODY);
        while (tokens.isOperator("|")) {
            filtered = expressions.filter(filtered);
        }
        tokens.expect(Kind.BLOCK_END);
        return new Statement.AssignBlock(start.at(), names.get(0), filtered, nested("endset"));
    }

    private Statement.Macro macro(Token start) {
        String name = target();
        List<Parameter> parameters = parameters();
        tokens.expect(Kind.BLOCK_END);
        return new Statement.Macro(start.at(), name, parameters, nested("endmacro"));
    }

    /** A body that break and continue cannot leave. */
    private List<Statement> nested(String end) {
        int outer = loops;
        loops = 0;
        List<Statement> body = body(end);
        loops = outer;
        return body;
    }

    private List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        tokens.expectOperator("(");
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String name = target();
            parameters.add(new Parameter(name, tokens.skipOperator("=") ? expressions.expression() : null));
        }
        return List.copyOf(parameters);
    }

    private Statement call(Token start) {
        List<Parameter> parameters = tokens.isOperator("(") ? parameters() : List.of();
        Expression call = expressions.expression();
        if (!(call instanceof Expression.Call)) {
            throw tokens.error(start, "a call block must call a macro");
        }
        tokens.expect(Kind.BLOCK_END);
        List<Statement> body = nested("endcall");
        return new Statement.CallBlock(start.at(), call, new Statement.Macro(start.at(), "caller", parameters, body));
    }

    private Statement filter(Token start) {
        Expression filtered = expressions.namedFilter(new Expression.Name(start.at(), Statement.BODY));
        while (tokens.isOperator("|")) {
            filtered = expressions.filter(filtered);
        }
        tokens.expect(Kind.BLOCK_END);
        return new Statement.FilterBlock(start.at(), filtered, nested("endfilter"));
    }

    private Statement with(Token start) {
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
        return new Statement.With(start.at(), List.copyOf(names), List.copyOf(values), body("endwith"));
    }
}
