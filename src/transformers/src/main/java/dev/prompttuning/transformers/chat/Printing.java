package dev.prompttuning.transformers.chat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;

/** Python's {@code str} and {@code repr}. */
final class Printing {

    private final Budget budget;
    private final StringBuilder out = new StringBuilder();

    private Printing(Budget budget) {
        this.budget = budget;
    }

    static String str(Object value, Budget budget) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof Undefined) {
            return "";
        }
        return repr(value, budget);
    }

    static String repr(Object value, Budget budget) {
        Printing printing = new Printing(budget);
        printing.print(value);
        return printing.out.toString();
    }

    private void print(Object value) {
        budget.enter();
        budget.size(out.length());
        if (value == null) {
            out.append("None");
        } else if (value instanceof Boolean bool) {
            out.append(bool ? "True" : "False");
        } else if (value instanceof Double number) {
            out.append(real(number));
        } else if (value instanceof Long number) {
            out.append(number.longValue());
        } else if (value instanceof String text) {
            quote(text);
        } else if (value instanceof Map<?, ?> map) {
            dict(map);
        } else if (value instanceof List<?> list) {
            list(list);
        } else {
            throw Values.wrongType("something that can be printed", value);
        }
        budget.leave();
    }

    private void list(List<?> list) {
        boolean tuple = list instanceof Sequence;
        if (list instanceof Sequence sequence && sequence.kind() != Sequence.Kind.TUPLE) {
            throw Values.wrongType("something that can be printed", list);
        }
        out.append(tuple ? '(' : '[');
        String separator = "";
        for (Object item : list) {
            out.append(separator);
            print(item);
            separator = ", ";
        }
        out.append(tuple && list.size() == 1 ? "," : "").append(tuple ? ')' : ']');
    }

    private void dict(Map<?, ?> map) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            print(entry.getKey());
            out.append(": ");
            print(entry.getValue());
            separator = ", ";
        }
        out.append('}');
    }

    private void quote(String text) {
        char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(c -> {
            if (c == quote || c == '\\') {
                out.append('\\').appendCodePoint(c);
            } else if (c == '\n' || c == '\r' || c == '\t') {
                out.append(c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
            } else if (printable(c)) {
                out.appendCodePoint(c);
            } else {
                out.append(
                        c < 0x100
                                ? "\\x%02x".formatted(c)
                                : c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c));
            }
        });
        out.append(quote);
    }

    private static boolean printable(int c) {
        return c == ' '
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SPACE_SEPARATOR -> false;
                    default -> true;
                };
    }

    /** The shortest digits that read back as the same number, in Python's layout. */
    static String real(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number > 0 ? "0.0" : "-0.0";
        }
        BigDecimal shortest = shortest(number).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = shortest.toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String digits = shortest.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String sign = exponent < 0 ? "-" : "+";
        return (number < 0 ? "-" : "") + mantissa + "e" + sign + "%02d".formatted(Math.abs(exponent));
    }

    private static BigDecimal shortest(double number) {
        BigDecimal exact = new BigDecimal(number);
        for (int precision = 1; precision < 17; precision++) {
            BigDecimal rounded = exact.round(new MathContext(precision));
            if (rounded.doubleValue() == number) {
                return rounded;
            }
        }
        return exact.round(new MathContext(17));
    }
}
