package dev.prompttuning.transformers.chat;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/** The functions a template can call by name. */
final class Globals {

    private static final long MAX_RANGE = 100_000;
    private static final Map<Character, String> DATE_FIELDS = Map.ofEntries(
            Map.entry('Y', "yyyy"),
            Map.entry('y', "yy"),
            Map.entry('m', "MM"),
            Map.entry('d', "dd"),
            Map.entry('B', "MMMM"),
            Map.entry('b', "MMM"),
            Map.entry('A', "EEEE"),
            Map.entry('a', "EEE"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('p', "a"),
            Map.entry('M', "mm"),
            Map.entry('S', "ss"),
            Map.entry('j', "DDD"));

    private Globals() {}

    static Map<String, Object> of(Clock clock) {
        return Map.of(
                "range", function(Globals::range),
                "dict", function(CallArguments::allNamed),
                "namespace", function(arguments -> new Namespace(namespace(arguments))),
                "raise_exception", function(Globals::raise),
                "strftime_now", function(arguments -> format(ZonedDateTime.now(clock), arguments.text("format"))));
    }

    private static Function function(Function body) {
        return arguments -> {
            Object result = body.call(arguments);
            arguments.done();
            return result;
        };
    }

    private static Map<String, Object> namespace(CallArguments arguments) {
        Map<String, Object> initial = new LinkedHashMap<>();
        if (!arguments.rest().isEmpty()) {
            throw TemplateException.of("namespace() takes arguments with names only");
        }
        initial.putAll(arguments.allNamed());
        return initial;
    }

    private static Object raise(CallArguments arguments) {
        throw TemplateException.refusal(arguments.text("message"));
    }

    private static Object range(CallArguments arguments) {
        List<Object> bounds = arguments.rest();
        if (bounds.isEmpty() || bounds.size() > 3) {
            throw TemplateException.of("range() takes one to three numbers");
        }
        long from = bounds.size() == 1 ? 0 : Values.integer(bounds.get(0));
        long to = Values.integer(bounds.get(bounds.size() == 1 ? 0 : 1));
        long step = bounds.size() == 3 ? Values.integer(bounds.get(2)) : 1;
        if (step == 0) {
            throw TemplateException.of("the step of range() is zero");
        }
        double distance = ((double) to - from) / step;
        long size = Math.max(0, (long) Math.ceil(distance));
        if (size > MAX_RANGE) {
            throw TemplateException.of("range() makes more than " + MAX_RANGE + " numbers");
        }
        return new Sequence(
                Sequence.Kind.RANGE,
                LongStream.range(0, size).mapToObj(i -> from + i * step).toList());
    }

    /** C's strftime in the C locale. */
    private static String format(ZonedDateTime time, String format) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            boolean unpadded = format.startsWith("-", i + 1);
            i += unpadded ? 2 : 1;
            char field = i < format.length() ? format.charAt(i) : ' ';
            String pattern = DATE_FIELDS.get(field);
            if (field == '%' && !unpadded) {
                out.append('%');
            } else if (pattern != null) {
                String text = DateTimeFormatter.ofPattern(pattern, Locale.US).format(time);
                out.append(unpadded ? text.replaceFirst("^0+(?=.)", "") : text);
            } else {
                throw TemplateException.of("strftime_now does not support %" + (unpadded ? "-" : "") + field);
            }
        }
        return out.toString();
    }
}
