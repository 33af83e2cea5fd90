package dev.prompttuning.transformers.chat;

import dev.prompttuning.transformers.chat.Token.Kind;
import java.util.List;

/** The parser's view of the tokens. */
final class TokenStream {

    private final Source source;
    private final List<Token> tokens;
    private int position;

    TokenStream(Source source) {
        this.source = source;
        this.tokens = new Lexer(source).tokens();
    }

    Token peek() {
        return tokens.get(position);
    }

    Token peek(int ahead) {
        return tokens.get(Math.min(position + ahead, tokens.size() - 1));
    }

    Token next() {
        Token token = peek();
        position = Math.min(position + 1, tokens.size() - 1);
        return token;
    }

    boolean isName(String name) {
        return peek().is(Kind.NAME, name);
    }

    boolean isOperator(String operator) {
        return peek().is(Kind.OPERATOR, operator);
    }

    boolean skipName(String name) {
        return isName(name) && next() != null;
    }

    boolean skipOperator(String operator) {
        return isOperator(operator) && next() != null;
    }

    Token expectName() {
        return expect(Kind.NAME);
    }

    Token expect(Kind kind) {
        if (peek().kind() != kind) {
            throw unexpected(peek());
        }
        return next();
    }

    void expectKeyword(String name) {
        if (!skipName(name)) {
            throw error("expected '" + name + "', found '" + peek().text() + "'");
        }
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw error("expected '" + operator + "', found '" + peek().text() + "'");
        }
    }

    /** Reads parts with commas between them, and perhaps one behind the last, up to a closing bracket. */
    void separated(String close, Runnable part) {
        boolean first = true;
        while (!skipOperator(close)) {
            if (!first) {
                expectOperator(",");
                if (skipOperator(close)) {
                    return;
                }
            }
            part.run();
            first = false;
        }
    }

    Expression expression(Token at, Expression expression) {
        return new Expression.Located(source, at.at(), expression);
    }

    Statement statement(Token at, Statement statement) {
        return new Statement.Located(source, at.at(), statement);
    }

    TemplateException unexpected(Token token) {
        return error(token, "unexpected '" + token.text() + "'");
    }

    TemplateException error(String message) {
        return error(peek(), message);
    }

    TemplateException error(Token token, String message) {
        return source.error(token.at(), message);
    }
}
