package dev.prompttuning.transformers.chat;

import dev.prompttuning.transformers.chat.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits a template into tokens with trim_blocks and lstrip_blocks on, as transformers has them. */
final class Lexer {

    private static final Pattern NUMBER =
            Pattern.compile("(\\d+(?:_\\d+)*)(\\.\\d+(?:_\\d+)*)?([eE][+-]?\\d+(?:_\\d+)*)?");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final Pattern RAW_END = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");
    private static final Pattern RAW_BEGIN = Pattern.compile("\\{%([-+]?)\\s*raw\\s*(-?)%\\}");
    private static final List<String> OPERATORS = List.of(
            "**", "//", "==", "!=", ">=", "<=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{",
            "}", ",", ".", ":", "|");

    private final Source source;
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private boolean lineStarts = true;

    Lexer(Source source) {
        this.source = source;
        this.text = source.text();
    }

    List<Token> tokens() {
        while (position < text.length()) {
            int open = nextOpening(position);
            if (open < 0) {
                addText(position, text.length(), "", false);
                position = text.length();
                break;
            }
            String sign = sign(open + 2);
            boolean output = text.charAt(open + 1) == '{';
            addText(position, open, output && sign.equals("+") ? "" : sign, !output);
            switch (text.charAt(open + 1)) {
                case '#' -> comment(open);
                case '%' -> block(open, sign);
                default -> tag(open, Kind.OUTPUT_BEGIN, Kind.OUTPUT_END, sign);
            }
        }
        tokens.add(new Token(Kind.END, "end of the template", text.length()));
        return tokens;
    }

    private int nextOpening(int from) {
        for (int at = text.indexOf('{', from); at >= 0 && at + 1 < text.length(); at = text.indexOf('{', at + 1)) {
            if ("{%#".indexOf(text.charAt(at + 1)) >= 0) {
                return at;
            }
        }
        return -1;
    }

    private String sign(int at) {
        boolean signed = at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+');
        return signed ? text.substring(at, at + 1) : "";
    }

    /** The text before a tag; blanks between the start of a line and a block tag or comment go (lstrip_blocks). */
    private void addText(int from, int to, String sign, boolean block) {
        String part = text.substring(from, to);
        if (sign.equals("-")) {
            part = Text.stripEnd(part);
        } else if (block && sign.isEmpty()) {
            int line = part.lastIndexOf('\n') + 1;
            if ((line > 0 || lineStarts) && Text.isBlank(part.substring(line))) {
                part = part.substring(0, line);
            }
        }
        if (!part.isEmpty()) {
            tokens.add(new Token(Kind.TEXT, part, from));
        }
    }

    private void comment(int open) {
        int close = text.indexOf("#}", open + 2);
        if (close < 0) {
            throw source.error(open, "this comment has no end #}");
        }
        char before = close > open + 2 ? text.charAt(close - 1) : ' ';
        afterTag(close + 2, before == '-', before != '+');
    }

    private void block(int open, String sign) {
        Matcher raw = RAW_BEGIN.matcher(text).region(open, text.length());
        if (!raw.lookingAt()) {
            tag(open, Kind.BLOCK_BEGIN, Kind.BLOCK_END, sign);
            return;
        }
        // trim_blocks spares the newline after a raw tag, unlike all others.
        afterTag(raw.end(), raw.group(2).equals("-"), false);
        Matcher end = RAW_END.matcher(text);
        if (!end.find(position)) {
            throw source.error(open, "this raw block has no end");
        }
        addText(position, end.start(), end.group(1), true);
        afterTag(end.end(), end.group(2).equals("-"), !end.group(2).equals("+"));
    }

    /** Goes on after a closing tag: {@code -} takes all white space with it, trim_blocks one newline. */
    private void afterTag(int end, boolean strip, boolean trim) {
        position = end;
        if (strip) {
            while (position < text.length() && Text.isSpace(text.charAt(position))) {
                position++;
            }
        } else if (trim && text.startsWith("\n", position)) {
            position++;
        }
        lineStarts = text.charAt(position - 1) == '\n';
    }

    private void tag(int open, Kind begin, Kind end, String sign) {
        tokens.add(new Token(begin, text.substring(open, open + 2), open));
        position = open + 2 + sign.length();
        String close = begin == Kind.BLOCK_BEGIN ? "%}" : "}}";
        Deque<Character> brackets = new ArrayDeque<>();
        while (true) {
            while (position < text.length() && Text.isSpace(text.charAt(position))) {
                position++;
            }
            if (position >= text.length()) {
                throw source.error(open, "this tag has no end " + close);
            }
            if (brackets.isEmpty() && closes(close, end)) {
                return;
            }
            expressionToken(brackets);
        }
    }

    private boolean closes(String close, Kind end) {
        boolean block = end == Kind.BLOCK_END;
        String sign = sign(position);
        if (!text.startsWith(close, position + sign.length()) || sign.equals("+") && !block) {
            return false;
        }
        tokens.add(new Token(end, close, position));
        afterTag(position + sign.length() + 2, sign.equals("-"), block && sign.isEmpty());
        return true;
    }

    private void expressionToken(Deque<Character> brackets) {
        char c = text.charAt(position);
        if (c == '"' || c == '\'') {
            string(c);
        } else if (c >= '0' && c <= '9') {
            number();
        } else {
            Matcher name = NAME.matcher(text).region(position, text.length());
            if (name.lookingAt()) {
                add(Kind.NAME, name.group());
            } else {
                operator(brackets);
            }
        }
    }

    private void number() {
        Matcher number = NUMBER.matcher(text).region(position, text.length());
        number.lookingAt();
        boolean attribute = tokens.get(tokens.size() - 1).is(Kind.OPERATOR, ".");
        if (attribute || number.group(2) == null && number.group(3) == null) {
            add(Kind.INTEGER, number.group(1));
        } else {
            add(Kind.FLOAT, number.group());
        }
    }

    private void operator(Deque<Character> brackets) {
        String operator = OPERATORS.stream()
                .filter(candidate -> text.startsWith(candidate, position))
                .findFirst()
                .orElseThrow(() -> source.error(position, "unexpected character '" + text.charAt(position) + "'"));
        if ("([{".contains(operator)) {
            brackets.push(operator.charAt(0));
        } else if (")]}".contains(operator)) {
            if (brackets.isEmpty() || "([{".indexOf(brackets.pop()) != ")]}".indexOf(operator)) {
                throw source.error(position, "unexpected '" + operator + "'");
            }
        }
        add(Kind.OPERATOR, operator);
    }

    private void add(Kind kind, String value) {
        tokens.add(new Token(kind, value, position));
        position += value.length();
    }

    private void string(char quote) {
        int end = position + 1;
        while (end < text.length() && text.charAt(end) != quote) {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= text.length()) {
            throw source.error(position, "this string has no end " + quote);
        }
        tokens.add(new Token(Kind.STRING, unescape(position + 1, end), position));
        position = end + 1;
    }

    private String unescape(int from, int to) {
        StringBuilder out = new StringBuilder();
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char escaped = text.charAt(++i);
            int digits = "xuU".indexOf(escaped) >= 0 ? 2 << "xuU".indexOf(escaped) : 0;
            if (digits > 0) {
                out.appendCodePoint(hexadecimal(i + 1, digits, to));
                i += digits;
            } else if (escaped >= '0' && escaped <= '7') {
                throw source.error(i, "octal escapes in strings are not supported");
            } else if (escaped == 'N') {
                throw source.error(i, "\\N{...} in strings is not supported");
            } else {
                out.append(simpleEscape(escaped));
            }
        }
        return out.toString();
    }

    private int hexadecimal(int from, int digits, int limit) {
        try {
            if (from + digits <= limit && text.charAt(from) != '+' && text.charAt(from) != '-') {
                int codePoint = Integer.parseInt(text.substring(from, from + digits), 16);
                if (Character.isValidCodePoint(codePoint)) {
                    return codePoint;
                }
            }
        } catch (NumberFormatException e) {
            // Told below, like every other bad escape.
        }
        throw source.error(from, "a bad escape in a string");
    }

    private static String simpleEscape(char c) {
        return switch (c) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case 'b' -> "\b";
            case 'f' -> "\f";
            case 'a' -> "\u0007";
            case 'v' -> "\u000b";
            case '\n' -> "";
            case '\\', '\'', '"' -> String.valueOf(c);
            default -> "\\" + c;
        };
    }
}
