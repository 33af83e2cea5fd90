package dev.prompttuning.transformers.chat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's arithmetic, and slices. */
final class Operators {

    private final Budget budget;

    Operators(Budget budget) {
        this.budget = budget;
    }

    boolean compare(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> Values.equal(left, right, budget);
            case "!=" -> !Values.equal(left, right, budget);
            case "in" -> Values.contains(right, left, budget);
            case "not in" -> !Values.contains(right, left, budget);
            case "<" -> Values.compare(left, right, budget) < 0;
            case "<=" -> Values.compare(left, right, budget) <= 0;
            case ">" -> Values.compare(left, right, budget) > 0;
            default -> Values.compare(left, right, budget) >= 0;
        };
    }

    Object apply(String operator, Object left, Object right) {
        if (operator.equals("~")) {
            return apply("+", Printing.str(left, budget), Printing.str(right, budget));
        }
        if (left instanceof Undefined || right instanceof Undefined) {
            throw (left instanceof Undefined undefined ? undefined : (Undefined) right).error();
        }
        if (operator.equals("+") && left instanceof String a && right instanceof String b) {
            budget.size((long) a.length() + b.length());
            return a + b;
        }
        if (operator.equals("+") && left instanceof List<?> a && right instanceof List<?> b) {
            return concatenate(a, b);
        }
        if (operator.equals("*") && (left instanceof String || left instanceof List) && right instanceof Long times) {
            return repeat(left, times);
        }
        if (operator.equals("*") && left instanceof Long times && (right instanceof String || right instanceof List)) {
            return repeat(right, times);
        }
        if (!Values.isNumber(left) || !Values.isNumber(right)) {
            throw TemplateException.of(
                    "cannot compute " + Values.typeName(left) + " " + operator + " " + Values.typeName(right));
        }
        try {
            return left instanceof Double || right instanceof Double || operator.equals("/")
                    ? (Object) reals(operator, Values.real(left), Values.real(right))
                    : integers(operator, Values.integer(left), Values.integer(right));
        } catch (ArithmeticException e) {
            throw TemplateException.of("a number is too large, or division by zero");
        }
    }

    private Object concatenate(List<?> left, List<?> right) {
        boolean tuple = left instanceof Sequence;
        if (tuple != right instanceof Sequence
                || tuple && ((Sequence) left).kind() != Sequence.Kind.TUPLE
                || tuple && ((Sequence) right).kind() != Sequence.Kind.TUPLE) {
            throw TemplateException.of("cannot compute " + Values.typeName(left) + " + " + Values.typeName(right));
        }
        budget.size((long) left.size() + right.size());
        List<Object> joined = new ArrayList<>(left);
        joined.addAll(right);
        return tuple ? new Sequence(Sequence.Kind.TUPLE, joined) : joined;
    }

    private Object repeat(Object value, long times) {
        long count = Math.max(0, Math.min(times, Integer.MAX_VALUE));
        if (value instanceof String text) {
            budget.size(count * text.length());
            return text.repeat((int) count);
        }
        if (value instanceof Sequence) {
            throw TemplateException.of("cannot repeat a " + Values.typeName(value));
        }
        List<?> list = (List<?>) value;
        budget.size(count * list.size());
        List<Object> out = new ArrayList<>();
        for (int i = 0; i < count && !list.isEmpty(); i++) {
            out.addAll(list);
        }
        return out;
    }

    private static long integers(String operator, long left, long right) {
        return switch (operator) {
            case "+" -> Math.addExact(left, right);
            case "-" -> Math.subtractExact(left, right);
            case "*" -> Math.multiplyExact(left, right);
            case "//" -> Math.floorDiv(left, right);
            case "%" -> Math.floorMod(left, right);
            default -> power(left, right);
        };
    }

    private static long power(long base, long exponent) {
        if (exponent < 0 || exponent > 63) {
            throw TemplateException.of("the exponent " + exponent + " is not supported");
        }
        long result = 1;
        for (int i = 0; i < exponent; i++) {
            result = Math.multiplyExact(result, base);
        }
        return result;
    }

    private static double reals(String operator, double left, double right) {
        if (right == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw TemplateException.of("division by zero");
        }
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor(left / right);
            case "%" -> left - right * Math.floor(left / right);
            default -> Math.pow(left, right);
        };
    }

    /** {@code -value} or {@code +value}. */
    Object signed(String sign, Object value) {
        return value instanceof Double number
                ? (Object) reals("*", sign.equals("-") ? -1 : 1, number)
                : integers(sign, 0, Values.integer(value));
    }

    /** {@code of[from:to:step]}; null is an absent bound. */
    Object slice(Object of, Object from, Object to, Object step) {
        if (of instanceof Undefined undefined) {
            throw undefined.error();
        }
        boolean text = of instanceof String;
        if (!text && (!(of instanceof List) || of instanceof Sequence s && !s.indexed())) {
            throw Values.wrongType("something that can be sliced", of);
        }
        List<?> items = Values.items(of);
        budget.size(items.size());
        List<?> cut = cut(items, from, to, step == null ? 1 : Values.integer(step));
        if (text) {
            StringBuilder out = new StringBuilder();
            cut.forEach(out::append);
            return out.toString();
        }
        return of instanceof Sequence sequence ? new Sequence(sequence.kind(), cut) : cut;
    }

    private static List<Object> cut(List<?> items, Object from, Object to, long step) {
        if (step == 0) {
            throw TemplateException.of("the step of a slice is zero");
        }
        int size = items.size();
        long first = from == null ? step > 0 ? 0 : size - 1 : bound(from, size, step);
        long end = to == null ? step > 0 ? size : -1 : bound(to, size, step);
        List<Object> out = new ArrayList<>();
        long stride = Math.max(-size - 1L, Math.min(size + 1L, step));
        for (long i = first; stride > 0 ? i < end : i > end; i += stride) {
            out.add(items.get((int) i));
        }
        return Collections.unmodifiableList(out);
    }

    private static long bound(Object value, int size, long step) {
        long index = Values.integer(value);
        long position = index < 0 ? index + size : index;
        return Math.max(step > 0 ? 0 : -1, Math.min(position, step > 0 ? size : size - 1));
    }
}
