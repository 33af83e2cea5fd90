package dev.prompttuning.quickstart;

import dev.prompttuning.quickstart.text.CorpusGenerator;
import dev.prompttuning.quickstart.text.Example;
import dev.prompttuning.quickstart.text.TicketTask;
import java.util.List;

/** The numbers everything follows from: a change of one of them asks for a new base model. */
final class Recipe {
    static final int VOCABULARY = 1024;
    static final int CORPUS_ROWS = 20_000;
    static final int TRAIN_ROWS = 600;
    static final int EVALUATION_ROWS = 120;
    static final long CORPUS_SEED = 7;
    static final long TASK_SEED = 11;
    static final long WEIGHTS_SEED = 1;

    private Recipe() {}

    /** What the base model learns from. */
    static List<Example> corpus() {
        return new CorpusGenerator(CORPUS_SEED).rows(CORPUS_ROWS);
    }

    /** The tuned task's rows to train on. */
    static List<Example> train() {
        return new TicketTask(TASK_SEED).train(TRAIN_ROWS);
    }

    /** The tuned task's held-out rows. */
    static List<Example> evaluation() {
        return new TicketTask(TASK_SEED).evaluation(EVALUATION_ROWS);
    }
}
