package dev.prompttuning.transformers.chat;

/** What one rendering may cost; a template that wants more is refused. */
final class Budget {

    private static final int MAX_STEPS = 5_000_000;
    private static final int MAX_DEPTH = 400;
    private static final int MAX_SIZE = 16_000_000;
    private static final int SIZE_PER_STEP = 64;

    private long steps;
    private int depth;

    void step() {
        charge(1);
    }

    private void charge(long count) {
        steps += count;
        if (steps > MAX_STEPS) {
            throw TemplateException.of("the template takes too long (more than " + MAX_STEPS + " steps)");
        }
    }

    /** Called before a text or list of this size is made. */
    void size(long size) {
        if (size > MAX_SIZE) {
            throw TemplateException.of("the template makes a text or list larger than " + MAX_SIZE);
        }
        charge(1 + size / SIZE_PER_STEP);
    }

    /** Called before this much is added to an output, which then is of that size. */
    void output(long added, long size) {
        size(size > MAX_SIZE ? size : added);
    }

    void enter() {
        step();
        if (++depth > MAX_DEPTH) {
            throw TemplateException.of("the template nests or recurses deeper than " + MAX_DEPTH);
        }
    }

    void leave() {
        depth--;
    }
}
