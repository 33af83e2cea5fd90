package dev.prompttuning.transformers.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Python's {@code json.dumps}, as transformers' tojson calls it: non-ASCII text is kept. */
final class JsonWriter {

    private final Budget budget;
    private final StringBuilder out = new StringBuilder();
    private final boolean asciiOnly;
    private final boolean sortKeys;
    private final String indent;
    private final String itemSeparator;
    private final String keySeparator;

    private JsonWriter(Budget budget, CallArguments arguments) {
        this.budget = budget;
        asciiOnly = arguments.flag("ensure_ascii", false);
        indent = indent(arguments.next("indent", null));
        Object separators = arguments.next("separators", null);
        sortKeys = arguments.flag("sort_keys", false);
        arguments.done();
        List<?> pair = separators == null ? List.of(indent == null ? ", " : ",", ": ") : Values.items(separators);
        if (pair.size() != 2) {
            throw TemplateException.of("separators must be two strings");
        }
        itemSeparator = Values.text(pair.get(0));
        keySeparator = Values.text(pair.get(1));
    }

    private static String indent(Object value) {
        if (value == null || value instanceof String) {
            return (String) value;
        }
        long width = Values.integer(value);
        if (width > 64) {
            throw TemplateException.of("an indent of " + width + " is too large");
        }
        return " ".repeat((int) Math.max(0, width));
    }

    static String write(Object value, CallArguments arguments, Budget budget) {
        JsonWriter writer = new JsonWriter(budget, arguments);
        writer.value(value, 1);
        return writer.out.toString();
    }

    private void value(Object value, int level) {
        budget.enter();
        budget.size(out.length());
        if (value == null || value instanceof Boolean || value instanceof Long) {
            out.append(value);
        } else if (value instanceof Double number) {
            out.append(real(number));
        } else if (value instanceof String text) {
            quote(text);
        } else if (value instanceof Map<?, ?> map) {
            object(map, level);
        } else if (value instanceof List<?> list
                && (!(list instanceof Sequence s) || s.kind() == Sequence.Kind.TUPLE)) {
            array(list, level);
        } else {
            throw Values.wrongType("something that JSON can hold", value);
        }
        budget.leave();
    }

    private static String real(double number) {
        return switch (Printing.real(number)) {
            case "nan" -> "NaN";
            case "inf" -> "Infinity";
            case "-inf" -> "-Infinity";
            default -> Printing.real(number);
        };
    }

    private void array(List<?> list, int level) {
        out.append('[');
        String separator = "";
        for (Object item : list) {
            out.append(separator);
            newLine(level);
            value(item, level + 1);
            separator = itemSeparator;
        }
        close(list.isEmpty(), level, ']');
    }

    private void object(Map<?, ?> map, int level) {
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        if (sortKeys) {
            entries.sort((a, b) -> Values.compare(a.getKey(), b.getKey(), budget));
        }
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : entries) {
            out.append(separator);
            newLine(level);
            quote(key(entry.getKey()));
            out.append(keySeparator);
            value(entry.getValue(), level + 1);
            separator = itemSeparator;
        }
        close(entries.isEmpty(), level, '}');
    }

    private static String key(Object key) {
        if (key instanceof String text) {
            return text;
        }
        if (key == null || key instanceof Boolean || key instanceof Long) {
            return String.valueOf(key);
        }
        if (key instanceof Double number) {
            return real(number);
        }
        throw Values.wrongType("a key that JSON can hold", key);
    }

    private void newLine(int level) {
        if (indent != null) {
            budget.size((long) indent.length() * level);
            out.append('\n').append(indent.repeat(level));
        }
    }

    private void close(boolean empty, int level, char bracket) {
        if (!empty) {
            newLine(level - 1);
        }
        out.append(bracket);
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default ->
                    out.append(c < 0x20 || asciiOnly && c > 0x7e ? "\\u%04x".formatted((int) c) : String.valueOf(c));
            }
        }
        out.append('"');
    }
}
