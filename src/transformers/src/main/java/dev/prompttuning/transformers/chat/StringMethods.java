package dev.prompttuning.transformers.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** Methods of Python's str. */
final class StringMethods {

    /** All methods there are: one that is missing below is an error, not an undefined attribute. */
    static final Set<String> NAMES =
            Set.of(("capitalize casefold center count encode endswith expandtabs find format format_map index isalnum"
                            + " isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace"
                            + " istitle isupper join ljust lower lstrip maketrans partition removeprefix removesuffix"
                            + " replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip"
                            + " swapcase title translate upper zfill")
                    .split(" "));

    private final Budget budget;

    StringMethods(Budget budget) {
        this.budget = budget;
    }

    Object call(String text, String method, CallArguments arguments) {
        Object result = evaluate(text, method, arguments);
        arguments.done();
        return result;
    }

    private Object evaluate(String text, String method, CallArguments arguments) {
        budget.size(text.length());
        return switch (method) {
            case "strip" -> strip(text, arguments.next("chars", null), true, true);
            case "lstrip" -> strip(text, arguments.next("chars", null), true, false);
            case "rstrip" -> strip(text, arguments.next("chars", null), false, true);
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "title" -> title(text);
            case "capitalize" -> capitalize(text);
            case "startswith" -> affixes(arguments).stream().anyMatch(text::startsWith);
            case "endswith" -> affixes(arguments).stream().anyMatch(text::endsWith);
            case "removeprefix" -> {
                String prefix = arguments.text("prefix");
                yield text.startsWith(prefix) ? text.substring(prefix.length()) : text;
            }
            case "removesuffix" -> {
                String suffix = arguments.text("suffix");
                yield text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
            }
            case "replace" ->
                replace(text, arguments.text("old"), arguments.text("new"), arguments.integer("count", -1));
            case "split" -> split(text, arguments.next("sep", null), arguments.integer("maxsplit", -1));
            case "rsplit" -> rsplit(text, arguments.next("sep", null), arguments.integer("maxsplit", -1));
            case "splitlines" -> splitLines(text, arguments.flag("keepends", false));
            case "join" -> join(text, Values.items(arguments.required("iterable")));
            case "count" -> (long) occurrences(text, arguments.text("sub"));
            case "find" -> position(text, text.indexOf(arguments.text("sub")));
            case "rfind" -> position(text, text.lastIndexOf(arguments.text("sub")));
            case "isdigit" -> all(text, Character::isDigit);
            case "isalpha" -> all(text, Character::isLetter);
            case "isalnum" -> all(text, Character::isLetterOrDigit);
            case "isspace" -> all(text, Text::isSpace);
            case "islower" -> isCased(text, true);
            case "isupper" -> isCased(text, false);
            default -> throw TemplateException.of("the string method " + method + "() is not supported");
        };
    }

    private static Object position(String text, int at) {
        return at < 0 ? -1L : (long) text.codePointCount(0, at);
    }

    static boolean isCased(String text, boolean lower) {
        boolean found = text.codePoints().anyMatch(lower ? Character::isLowerCase : Character::isUpperCase);
        return found && text.codePoints().noneMatch(lower ? StringMethods::upperOrTitle : Character::isLowerCase);
    }

    private static boolean upperOrTitle(int c) {
        return Character.isUpperCase(c) || Character.isTitleCase(c);
    }

    private static boolean all(String text, IntPredicate test) {
        return !text.isEmpty() && text.codePoints().allMatch(test);
    }

    static String strip(String text, Object characters, boolean start, boolean end) {
        if (characters == null) {
            String stripped = start ? Text.stripStart(text) : text;
            return end ? Text.stripEnd(stripped) : stripped;
        }
        Set<Integer> wanted = Values.text(characters).codePoints().boxed().collect(Collectors.toSet());
        int from = 0;
        int to = text.length();
        while (start && from < to && wanted.contains(text.codePointAt(from))) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (end && to > from && wanted.contains(text.codePointBefore(to))) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    private static List<String> affixes(CallArguments arguments) {
        Object affix = arguments.required("prefix");
        return affix instanceof Sequence tuple
                ? tuple.read().stream().map(Values::text).toList()
                : List.of(Values.text(affix));
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return text.substring(0, first).toUpperCase(Locale.ROOT)
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    private static String title(String text) {
        StringBuilder out = new StringBuilder();
        boolean inWord = false;
        for (int c : text.codePoints().toArray()) {
            boolean cased = Character.isLowerCase(c) || Character.isUpperCase(c) || Character.isTitleCase(c);
            out.appendCodePoint(!cased ? c : inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = cased;
        }
        return out.toString();
    }

    String replace(String text, String old, String replacement, int count) {
        int found = old.isEmpty() ? text.length() + 1 : occurrences(text, old);
        budget.size(text.length() + (long) found * replacement.length());
        if (old.isEmpty()) {
            throw TemplateException.of("replacing the empty string is not supported");
        }
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (int left = count; left != 0; left--) {
            int at = text.indexOf(old, from);
            if (at < 0) {
                break;
            }
            out.append(text, from, at).append(replacement);
            from = at + old.length();
        }
        return out.append(text, from, text.length()).toString();
    }

    private static int occurrences(String text, String part) {
        if (part.isEmpty()) {
            return Text.length(text) + 1;
        }
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private static List<Object> split(String text, Object separator, int most) {
        List<Object> parts = new ArrayList<>();
        if (separator == null) {
            String rest = Text.stripStart(text);
            while (!rest.isEmpty()) {
                int end = 0;
                while (end < rest.length() && !Text.isSpace(rest.charAt(end))) {
                    end++;
                }
                if (most >= 0 && parts.size() == most) {
                    end = rest.length();
                }
                parts.add(end == rest.length() ? rest : rest.substring(0, end));
                rest = Text.stripStart(rest.substring(end));
            }
            return parts;
        }
        String between = separator(separator);
        int from = 0;
        for (int at = text.indexOf(between); at >= 0 && (most < 0 || parts.size() < most); ) {
            parts.add(text.substring(from, at));
            from = at + between.length();
            at = text.indexOf(between, from);
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static List<Object> rsplit(String text, Object separator, int most) {
        if (most < 0) {
            return split(text, separator, most);
        }
        if (separator == null) {
            throw TemplateException.of("rsplit at white space with a limit is not supported");
        }
        String between = separator(separator);
        List<Object> parts = new ArrayList<>();
        String rest = text;
        for (int at = rest.lastIndexOf(between); at >= 0 && parts.size() < most; at = rest.lastIndexOf(between)) {
            parts.add(0, rest.substring(at + between.length()));
            rest = rest.substring(0, at);
        }
        parts.add(0, rest);
        return parts;
    }

    private static String separator(Object value) {
        String separator = Values.text(value);
        if (separator.isEmpty()) {
            throw TemplateException.of("empty separator");
        }
        return separator;
    }

    private static List<Object> splitLines(String text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if ("\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029".indexOf(text.charAt(i)) < 0) {
                continue;
            }
            int next = text.startsWith("\r\n", i) ? i + 2 : i + 1;
            lines.add(text.substring(from, keepEnds ? next : i));
            from = next;
            i = next - 1;
        }
        if (from < text.length()) {
            lines.add(text.substring(from));
        }
        return lines;
    }

    private String join(String separator, List<?> items) {
        StringBuilder out = new StringBuilder();
        String between = "";
        for (Object item : items) {
            out.append(between).append(Values.text(item));
            budget.size(out.length());
            between = separator;
        }
        return out.toString();
    }
}
