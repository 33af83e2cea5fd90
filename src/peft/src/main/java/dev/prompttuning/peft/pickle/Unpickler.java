package dev.prompttuning.peft.pickle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a pickle of protocol 2 to 5 that builds dictionaries, lists, tuples, text, numbers and tensors.
 *
 * <p>No instruction adds more than one value, so the number of instructions bounds the memory.
 */
final class Unpickler {

    private static final int MAX_INSTRUCTIONS = 1_000_000;

    private final PickleInput in;
    private final List<Object> stack = new ArrayList<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Long, Object> memo = new HashMap<>();

    private Unpickler(byte[] pickle) {
        this.in = new PickleInput(pickle);
    }

    /**
     * What the pickle builds: a {@code Map}, {@code List}, {@link Tuple}, {@code String}, {@code Long}, {@code Double},
     * {@code Boolean}, {@link StridedTensor} or null.
     *
     * @throws RefusedPickleException when it is damaged or asks for anything else
     */
    static Object load(byte[] pickle) {
        return new Unpickler(pickle).run();
    }

    private Object run() {
        for (int i = 0; i < MAX_INSTRUCTIONS; i++) {
            int opcode = in.unsignedByte();
            if (opcode == '.') {
                return pop();
            }
            if (!value(opcode) && !collection(opcode) && !memory(opcode)) {
                object(opcode);
            }
        }
        throw new RefusedPickleException("holds a pickle of more than " + MAX_INSTRUCTIONS + " instructions");
    }

    private boolean value(int opcode) {
        switch (opcode) {
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'J' -> push((long) in.signedInt());
            case 'K' -> push((long) in.unsignedByte());
            case 'M' -> push((long) in.unsignedShort());
            case 0x8a -> push(in.variableLong());
            case 'G' -> push(in.bigEndianDouble());
            case 'X' -> push(in.text(in.unsignedInt()));
            case 0x8c -> push(in.text(in.unsignedByte()));
            case 0x8d -> push(in.text(in.signedLong()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean collection(int opcode) {
        switch (opcode) {
            case '(' -> marks.push(stack.size());
            case ')' -> push(new Tuple(List.of()));
            case 0x85, 0x86, 0x87 -> push(new Tuple(popLast(opcode - 0x84)));
            case 't' -> push(new Tuple(popToMark()));
            case ']' -> push(new ArrayList<>());
            case 'a' -> append(popLast(1));
            case 'e' -> append(popToMark());
            case '}' -> push(new LinkedHashMap<>());
            case 's' -> put(popLast(2));
            case 'u' -> put(popToMark());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean memory(int opcode) {
        switch (opcode) {
            case 'q' -> memo.put((long) in.unsignedByte(), top());
            case 'r' -> memo.put(in.unsignedInt(), top());
            case 0x94 -> memo.put((long) memo.size(), top());
            case 'h' -> recall(in.unsignedByte());
            case 'j' -> recall(in.unsignedInt());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void object(int opcode) {
        switch (opcode) {
            case 0x80 -> protocol(in.unsignedByte());
            case 0x95 -> in.signedLong(); // A frame's length: reading ahead needs it, we do not.
            case 'c' -> push(Global.named(in.line(), in.line()));
            case 0x93 -> {
                String name = pop(String.class);
                push(Global.named(pop(String.class), name));
            }
            case 'Q' -> push(Storage.of(pop(Tuple.class)));
            case 'R' -> {
                Tuple arguments = pop(Tuple.class);
                push(pop(Constructor.class).call(arguments));
            }
            case 'b' -> setState();
            default ->
                throw new RefusedPickleException(
                        "uses pickle instruction 0x%02x, which no tensor file needs".formatted(opcode));
        }
    }

    private static void protocol(int version) {
        if (version < 2 || version > 5) {
            throw new RefusedPickleException(
                    "is written in pickle protocol " + version + ", but protocols 2 to 5 are read");
        }
    }

    /** An OrderedDict may have attributes, such as the {@code _metadata} of a state dictionary; nobody here reads them. */
    private void setState() {
        pop();
        if (!(top() instanceof Map)) {
            throw RefusedPickleException.malformed("it sets attributes of something other than a dictionary");
        }
    }

    private void recall(long key) {
        if (!memo.containsKey(key)) {
            throw RefusedPickleException.malformed("it recalls a value it has not stored");
        }
        push(memo.get(key));
    }

    private void append(List<Object> items) {
        if (!(top() instanceof ArrayList<?>)) {
            throw RefusedPickleException.malformed("it appends to something other than a list");
        }
        @SuppressWarnings("unchecked")
        List<Object> list = (List<Object>) top();
        list.addAll(items);
    }

    private void put(List<Object> keysAndValues) {
        if (!(top() instanceof Map) || keysAndValues.size() % 2 != 0) {
            throw RefusedPickleException.malformed("it sets items of something other than a dictionary");
        }
        @SuppressWarnings("unchecked")
        Map<Object, Object> map = (Map<Object, Object>) top();
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            Object key = keysAndValues.get(i);
            // Collections may contain themselves and so have no hash.
            if (!(key instanceof String || key instanceof Number || key instanceof Boolean)) {
                throw RefusedPickleException.malformed("a dictionary's key is neither text nor a number");
            }
            map.put(key, keysAndValues.get(i + 1));
        }
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object top() {
        if (stack.size() <= floor()) {
            throw RefusedPickleException.malformed("its pickle takes more values than it made");
        }
        return stack.get(stack.size() - 1);
    }

    private Object pop() {
        Object top = top();
        stack.remove(stack.size() - 1);
        return top;
    }

    private <T> T pop(Class<T> type) {
        Object value = pop();
        if (!type.isInstance(value)) {
            throw RefusedPickleException.malformed("its pickle uses a value as what it is not");
        }
        return type.cast(value);
    }

    private List<Object> popLast(int count) {
        if (stack.size() - count < floor()) {
            throw RefusedPickleException.malformed("its pickle takes more values than it made");
        }
        return cut(stack.size() - count);
    }

    private List<Object> popToMark() {
        if (marks.isEmpty()) {
            throw RefusedPickleException.malformed("its pickle ends a collection it did not begin");
        }
        return cut(marks.pop());
    }

    private List<Object> cut(int from) {
        List<Object> last = stack.subList(from, stack.size());
        List<Object> values = new ArrayList<>(last);
        last.clear();
        return values;
    }

    /** The values below belong to a collection that has not ended. */
    private int floor() {
        return marks.isEmpty() ? 0 : marks.peek();
    }
}
