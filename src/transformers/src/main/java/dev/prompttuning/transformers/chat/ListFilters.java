package dev.prompttuning.transformers.chat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The filters that go through a sequence. */
final class ListFilters {

    private final Budget budget;
    private final Filters filters;
    private final Tests tests;
    private final Attributes attributes;

    ListFilters(Budget budget, Filters filters, Tests tests, Attributes attributes) {
        this.budget = budget;
        this.filters = filters;
        this.tests = tests;
        this.attributes = attributes;
    }

    Object evaluate(String name, Object value, CallArguments arguments) {
        return switch (name) {
            case "list" -> new ArrayList<>(items(value));
            case "first" -> first(items(value));
            case "last" -> last(value);
            case "join" -> join(value, arguments);
            case "map" -> map(value, arguments);
            case "select" -> filtered(value, test(arguments), true);
            case "reject" -> filtered(value, test(arguments), false);
            case "selectattr" -> filtered(value, attributeTest(arguments), true);
            case "rejectattr" -> filtered(value, attributeTest(arguments), false);
            case "sort" -> sort(value, arguments);
            case "unique" -> unique(value, arguments);
            case "reverse" -> reverse(value);
            case "sum" -> sum(value, arguments);
            case "min", "max" -> extreme(name, value, arguments);
            case "attr" -> attributes.attribute(value, arguments.text("name"));
            default -> throw TemplateException.of("unknown filter '" + name + "'");
        };
    }

    private List<?> items(Object value) {
        List<?> items = Values.items(value);
        budget.size(items.size());
        return items;
    }

    private static Object first(List<?> items) {
        return items.isEmpty() ? new Undefined("there is no first item, the sequence is empty") : items.get(0);
    }

    private Object last(Object value) {
        if (value instanceof Sequence sequence && !sequence.sized()) {
            throw Values.wrongType("something that can be read backwards", value);
        }
        List<?> items = items(value);
        return items.isEmpty()
                ? new Undefined("there is no last item, the sequence is empty")
                : items.get(items.size() - 1);
    }

    private String join(Object value, CallArguments arguments) {
        String separator = Printing.str(arguments.next("d", ""), budget);
        UnaryOperator<Object> part = key(arguments.next("attribute", null), null);
        StringBuilder out = new StringBuilder();
        String between = "";
        for (Object item : items(value)) {
            out.append(between).append(Printing.str(part.apply(item), budget));
            budget.size(out.length());
            between = separator;
        }
        return out.toString();
    }

    /** Reads {@code a.b.0}; null is the item itself. */
    private UnaryOperator<Object> key(Object path, Object otherwise) {
        if (path == null) {
            return item -> item;
        }
        String[] steps = path instanceof Long
                ? new String[] {path.toString()}
                : Values.text(path).split("\\.", -1);
        return item -> {
            Object value = item;
            for (String step : steps) {
                boolean position = !step.isEmpty() && step.chars().allMatch(Character::isDigit);
                value = attributes.item(value, position ? (Object) Long.valueOf(step) : step);
                if (value instanceof Undefined && otherwise != null) {
                    value = otherwise;
                }
            }
            return value;
        };
    }

    private Object map(Object value, CallArguments arguments) {
        UnaryOperator<Object> change;
        if (arguments.hasNamed("attribute")) {
            Object path = arguments.named("attribute");
            change = key(path, arguments.named("default"));
        } else {
            String filter = arguments.text("filter");
            List<Object> rest = arguments.rest();
            Map<String, Object> named = arguments.allNamed();
            change = item -> filters.apply(filter, item, new CallArguments(rest, named));
        }
        List<Object> out = new ArrayList<>();
        for (Object item : items(value)) {
            out.add(change.apply(item));
        }
        return Sequence.generator(out);
    }

    private Predicate<Object> test(CallArguments arguments) {
        if (!arguments.has("test")) {
            return Values::isTrue;
        }
        String name = arguments.text("test");
        List<Object> rest = arguments.rest();
        return item -> tests.holds(name, item, new CallArguments(rest, Map.of()));
    }

    private Predicate<Object> attributeTest(CallArguments arguments) {
        UnaryOperator<Object> key = key(arguments.required("attribute"), null);
        Predicate<Object> test = test(arguments);
        return item -> test.test(key.apply(item));
    }

    private Object filtered(Object value, Predicate<Object> test, boolean wanted) {
        List<Object> out = new ArrayList<>();
        for (Object item : items(value)) {
            if (test.test(item) == wanted) {
                out.add(item);
            }
        }
        return Sequence.generator(out);
    }

    static Object folded(Object value, boolean caseSensitive) {
        return value instanceof String text && !caseSensitive ? text.toLowerCase(Locale.ROOT) : value;
    }

    private List<Object> sort(Object value, CallArguments arguments) {
        boolean reverse = arguments.flag("reverse", false);
        boolean caseSensitive = arguments.flag("case_sensitive", false);
        UnaryOperator<Object> key = key(arguments.next("attribute", null), null);
        Comparator<Object> order = Comparator.comparing(
                item -> folded(key.apply(item), caseSensitive), (a, b) -> Values.compare(a, b, budget));
        List<Object> out = new ArrayList<>(items(value));
        out.sort(reverse ? order.reversed() : order);
        return out;
    }

    private Object unique(Object value, CallArguments arguments) {
        boolean caseSensitive = arguments.flag("case_sensitive", false);
        UnaryOperator<Object> key = key(arguments.next("attribute", null), null);
        List<Object> seen = new ArrayList<>();
        List<Object> out = new ArrayList<>();
        for (Object item : items(value)) {
            Object mark = folded(key.apply(item), caseSensitive);
            if (!Values.contains(seen, mark, budget)) {
                seen.add(mark);
                out.add(item);
            }
        }
        return Sequence.generator(out);
    }

    private Object reverse(Object value) {
        if (value instanceof String text) {
            return new StringBuilder(text).reverse().toString();
        }
        List<Object> out = new ArrayList<>(items(value));
        Collections.reverse(out);
        return Sequence.generator(out);
    }

    private Object sum(Object value, CallArguments arguments) {
        UnaryOperator<Object> key = key(arguments.next("attribute", null), null);
        Object total = arguments.next("start", 0L);
        Operators operators = new Operators(budget);
        for (Object item : items(value)) {
            total = operators.apply("+", total, key.apply(item));
        }
        return total;
    }

    private Object extreme(String name, Object value, CallArguments arguments) {
        boolean caseSensitive = arguments.flag("case_sensitive", false);
        UnaryOperator<Object> key = key(arguments.next("attribute", null), null);
        int sign = name.equals("min") ? -1 : 1;
        Object best = null;
        boolean found = false;
        for (Object item : items(value)) {
            Object mine = folded(key.apply(item), caseSensitive);
            if (!found || sign * Values.compare(mine, folded(key.apply(best), caseSensitive), budget) > 0) {
                best = item;
                found = true;
            }
        }
        return found ? best : new Undefined("the sequence is empty");
    }
}
