package dev.prompttuning.transformers.chat;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Real templates with random changes render or are refused with a place; nothing else ever comes out, and nothing hangs. */
class ChatTemplateFuzzTest {

    private static final int MUTANTS = 3_000;
    private static final Pattern PIECE = Pattern.compile("\\{[{%]-?|-?[}%]\\}|\\w+|\\s+|[^\\w\\s]");
    private static final long SMALL_STACK = 512 * 1024;

    private final Random random = new Random(7);

    @Test
    void mutantsRenderOrAreRefused() throws Exception {
        int rendered = inThreadOfSmallStack(() -> {
            int count = 0;
            List<Conversations.Case> all = Conversations.all();
            for (int i = 0; i < MUTANTS; i++) {
                count += tried(all.get(random.nextInt(all.size()))) ? 1 : 0;
            }
            return count;
        });
        assertTrue(rendered > MUTANTS / 10, "only " + rendered + " of " + MUTANTS + " mutants still render");
        assertTrue(
                rendered < MUTANTS * 9 / 10, rendered + " of " + MUTANTS + " mutants render; they change too little");
    }

    private static <T> T inThreadOfSmallStack(Callable<T> work) throws InterruptedException, TimeoutException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(null, task, "fuzz", SMALL_STACK);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(120, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        }
    }

    private boolean tried(Conversations.Case original) {
        String mutant = original.template();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            mutant = mutated(mutant);
        }
        try {
            original.render(ChatTemplate.parse(mutant, original.special()));
            return true;
        } catch (TemplateException refused) {
            if (refused.line() < 1 || refused.column() < 1 || refused.getMessage() == null) {
                throw new AssertionError("no place in \"" + refused.getMessage() + "\" for " + mutant, refused);
            }
            return false;
        } catch (RuntimeException | StackOverflowError fault) {
            throw new AssertionError(fault + " from " + mutant, fault);
        }
    }

    private String mutated(String template) {
        List<String> pieces = new ArrayList<>();
        PIECE.matcher(template).results().forEach(found -> pieces.add(found.group()));
        int at = random.nextInt(pieces.size());
        int other = random.nextInt(pieces.size());
        int span = 1 + random.nextInt(8);
        switch (random.nextInt(6)) {
            case 0 -> pieces.remove(at);
            case 1 -> pieces.add(at, pieces.get(other));
            case 2 -> pieces.set(at, pieces.get(other));
            case 3 -> pieces.set(at, pieces.set(other, pieces.get(at)));
            case 4 -> pieces.addAll(at, List.copyOf(pieces.subList(other, Math.min(pieces.size(), other + span))));
            default -> pieces.subList(at, Math.min(pieces.size(), at + span)).clear();
        }
        return pieces.isEmpty() ? template : String.join("", pieces);
    }
}
