package dev.prompttuning.transformers.chat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Jinja's filters, {@code value | name}, as far as chat templates use them. */
final class Filters {

    private static final Pattern WORD = Pattern.compile("[^-\\s(\\[{<]+");

    private final Budget budget;
    private final StringMethods strings;
    private final ListFilters lists;

    Filters(Budget budget, Tests tests, Attributes attributes) {
        this.budget = budget;
        this.strings = new StringMethods(budget);
        this.lists = new ListFilters(budget, this, tests, attributes);
    }

    Object apply(String name, Object value, CallArguments arguments) {
        Object result = evaluate(name, value, arguments);
        arguments.done();
        return result;
    }

    private Object evaluate(String name, Object value, CallArguments arguments) {
        return switch (name) {
            case "tojson" -> JsonWriter.write(value, arguments, budget);
            case "trim" -> StringMethods.strip(soft(value), arguments.next("chars", null), true, true);
            case "length", "count" -> Values.length(value);
            case "string" -> soft(value);
            case "upper" -> soft(value).toUpperCase(Locale.ROOT);
            case "lower" -> soft(value).toLowerCase(Locale.ROOT);
            case "capitalize" -> StringMethods.capitalize(soft(value));
            case "title" -> title(soft(value));
            case "replace" ->
                strings.replace(
                        soft(value),
                        soft(arguments.required("old")),
                        soft(arguments.required("new")),
                        arguments.integer("count", -1));
            case "indent" -> indent(soft(value), arguments);
            case "default", "d" -> orDefault(value, arguments);
            case "int" -> integer(value, arguments.next("default", 0L));
            case "float" -> real(value, arguments.next("default", 0.0));
            case "abs" ->
                value instanceof Double number ? (Object) Math.abs(number) : (Object) Math.abs(Values.integer(value));
            case "round" -> round(value, arguments);
            case "items" -> Sequence.generator(value instanceof Undefined ? List.of() : Attributes.items(dict(value)));
            case "dictsort" -> dictsort(dict(value), arguments);
            default -> lists.evaluate(name, value, arguments);
        };
    }

    private String soft(Object value) {
        String text = Printing.str(value, budget);
        budget.size(text.length());
        return text;
    }

    private static Map<?, ?> dict(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw Values.wrongType("dict", value);
    }

    private static String title(String text) {
        return WORD.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(StringMethods.capitalize(match.group())));
    }

    private static String indent(String text, CallArguments arguments) {
        Object width = arguments.next("width", 4L);
        boolean first = arguments.flag("first", false);
        boolean blank = arguments.flag("blank", false);
        String space = width instanceof String given
                ? given
                : " ".repeat((int) Math.max(0, Math.min(64, Values.integer(width))));
        String[] lines = text.split("\n", -1);
        StringBuilder out = new StringBuilder(first ? space : "");
        for (int i = 0; i < lines.length; i++) {
            boolean indented = i > 0 && (blank || !lines[i].isEmpty());
            out.append(i > 0 ? "\n" : "").append(indented ? space : "").append(lines[i]);
        }
        return out.toString();
    }

    private static Object orDefault(Object value, CallArguments arguments) {
        Object otherwise = arguments.next("default_value", "");
        boolean alsoFalse = arguments.flag("boolean", false);
        return value instanceof Undefined || alsoFalse && !Values.isTrue(value) ? otherwise : value;
    }

    private static Object integer(Object value, Object otherwise) {
        if (value instanceof Double number) {
            return Double.isFinite(number) ? (Object) number.longValue() : otherwise;
        }
        if (value instanceof String text) {
            try {
                return Long.valueOf(Text.stripStart(Text.stripEnd(text)));
            } catch (NumberFormatException e) {
                Object number = real(text, null);
                return number == null ? otherwise : integer(number, otherwise);
            }
        }
        return Values.isNumber(value) ? (Object) Values.integer(value) : otherwise;
    }

    private static Object real(Object value, Object otherwise) {
        if (value instanceof String text) {
            String number = Text.stripStart(Text.stripEnd(text));
            // Java also reads "1d" and hexadecimal, Python does not.
            return number.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?")
                    ? (Object) Double.valueOf(number)
                    : otherwise;
        }
        return Values.isNumber(value) ? (Object) Values.real(value) : otherwise;
    }

    private static Object round(Object value, CallArguments arguments) {
        int precision = arguments.integer("precision", 0);
        String method = Values.text(arguments.next("method", "common"));
        if (precision < 0 || precision > 15) {
            throw TemplateException.of("a precision of " + precision + " is not supported");
        }
        double factor = Math.pow(10, precision);
        double number = Values.real(value);
        return switch (method) {
            case "common" ->
                new BigDecimal(number)
                        .setScale(precision, RoundingMode.HALF_EVEN)
                        .doubleValue();
            case "ceil" -> Math.ceil(number * factor) / factor;
            case "floor" -> Math.floor(number * factor) / factor;
            default -> throw TemplateException.of("unknown method of rounding '" + method + "'");
        };
    }

    private List<Object> dictsort(Map<?, ?> map, CallArguments arguments) {
        boolean caseSensitive = arguments.flag("case_sensitive", false);
        String by = Values.text(arguments.next("by", "key"));
        boolean reverse = arguments.flag("reverse", false);
        int position = by.equals("value") ? 1 : 0;
        Comparator<Object> order = Comparator.comparing(
                item -> ListFilters.folded(((Sequence) item).get(position), caseSensitive),
                (a, b) -> Values.compare(a, b, budget));
        List<Object> items = new ArrayList<>(Attributes.items(new LinkedHashMap<>(map)));
        items.sort(reverse ? order.reversed() : order);
        return items;
    }
}
