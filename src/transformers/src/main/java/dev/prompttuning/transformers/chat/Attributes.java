package dev.prompttuning.transformers.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code a.b}, {@code a['b']}, and the methods of dict and list. */
final class Attributes {

    private static final Set<String> DICT_METHODS = Set.of(
            "clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values");
    private static final Set<String> LIST_METHODS =
            Set.of("append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort");
    private static final Set<String> NUMBER_ATTRIBUTES = Set.of(
            "real",
            "imag",
            "numerator",
            "denominator",
            "conjugate",
            "bit_length",
            "bit_count",
            "to_bytes",
            "from_bytes",
            "as_integer_ratio",
            "is_integer",
            "hex",
            "fromhex");

    private final Budget budget;
    private final StringMethods strings;

    Attributes(Budget budget) {
        this.budget = budget;
        this.strings = new StringMethods(budget);
    }

    /** {@code of.name}: methods first, then keys. */
    Object attribute(Object of, String name) {
        if (of instanceof Namespace namespace && namespace.attributes().containsKey(name)) {
            return namespace.attributes().get(name);
        }
        Object own = own(of, name);
        if (own != null) {
            return own;
        }
        return of instanceof Map<?, ?> map && map.containsKey(name) ? map.get(name) : missing(of, name);
    }

    /** {@code of[key]}: keys first, then methods. */
    Object item(Object of, Object key) {
        if (of instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (of instanceof Map<?, ?> map && map.containsKey(key)) {
            return map.get(key);
        }
        boolean indexed = of instanceof List<?> list && (!(list instanceof Sequence s) || s.indexed());
        if (key instanceof Long || key instanceof Boolean) {
            if (of instanceof Map) {
                return missing(of, key);
            }
            long index = Values.integer(key);
            if (indexed) {
                return at((List<?>) of, index);
            }
            if (of instanceof String text) {
                List<?> characters =
                        text.codePoints().mapToObj(Character::toString).toList();
                return at(characters, index);
            }
            if (of instanceof List) {
                throw Values.wrongType("something with positions", of);
            }
        }
        if (of instanceof Namespace && key instanceof String name) {
            return attribute(of, name);
        }
        Object own = key instanceof String name ? own(of, name) : null;
        return own != null ? own : missing(of, key);
    }

    private static Object at(List<?> list, long index) {
        long position = index < 0 ? index + list.size() : index;
        return position >= 0 && position < list.size()
                ? list.get((int) position)
                : new Undefined("there is no item " + index + " in a list of " + list.size());
    }

    private static Undefined missing(Object of, Object key) {
        if (of instanceof Function || key instanceof String name && name.startsWith("__")) {
            throw TemplateException.of("the attribute '" + key + "' may not be read");
        }
        String what = key instanceof String ? "'" + key + "'" : String.valueOf(key);
        return new Undefined("the " + Values.typeName(of) + " has no attribute " + what);
    }

    /** What Python's objects of this type have by this name; null when nothing. */
    private Object own(Object of, String name) {
        if (of instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (of instanceof Loop loop) {
            return loop.attribute(name, budget);
        }
        if (of instanceof String text && StringMethods.NAMES.contains(name)) {
            return (Function) arguments -> strings.call(text, name, arguments);
        }
        if (of instanceof Map<?, ?> map && DICT_METHODS.contains(name)) {
            return (Function) arguments -> dictMethod(map, name, arguments);
        }
        if (of instanceof List<?> list && LIST_METHODS.contains(name)) {
            return (Function) arguments -> listMethod(list, name, arguments);
        }
        if (Values.isNumber(of) && NUMBER_ATTRIBUTES.contains(name)) {
            throw TemplateException.of("the attribute '" + name + "' of a number is not supported");
        }
        return null;
    }

    private Object dictMethod(Map<?, ?> map, String name, CallArguments arguments) {
        Object result =
                switch (name) {
                    case "get" -> {
                        Object key = arguments.required("key");
                        Object otherwise = arguments.next("default", null);
                        yield map.containsKey(key) ? map.get(key) : otherwise;
                    }
                    case "keys" -> view(new ArrayList<>(map.keySet()));
                    case "values" -> view(new ArrayList<>(map.values()));
                    case "items" -> view(items(map));
                    case "copy" -> new LinkedHashMap<>(map);
                    default -> throw TemplateException.of("the method " + name + "() of dict may not be called");
                };
        arguments.done();
        return result;
    }

    private static Sequence view(List<?> items) {
        return new Sequence(Sequence.Kind.VIEW, items);
    }

    static List<Object> items(Map<?, ?> map) {
        List<Object> items = new ArrayList<>();
        map.forEach((key, value) -> items.add(Sequence.tuple(key, value)));
        return items;
    }

    private Object listMethod(List<?> list, String name, CallArguments arguments) {
        Object result =
                switch (name) {
                    case "copy" -> new ArrayList<>(list);
                    case "count" -> {
                        Object item = arguments.required("value");
                        yield list.stream()
                                .filter(candidate -> Values.equal(candidate, item, budget))
                                .count();
                    }
                    case "index" -> (long) indexOf(list, arguments.required("value"));
                    default -> throw TemplateException.of("the method " + name + "() of list may not be called");
                };
        arguments.done();
        return result;
    }

    private int indexOf(List<?> list, Object item) {
        for (int i = 0; i < list.size(); i++) {
            if (Values.equal(list.get(i), item, budget)) {
                return i;
            }
        }
        throw TemplateException.of("the value is not in the list");
    }
}
